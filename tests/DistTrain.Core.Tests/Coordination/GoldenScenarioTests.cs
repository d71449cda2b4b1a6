using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Tests.Jobs;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// Whole conversations, message by message, as committed under Golden/. After a change of the protocol run
/// the tests once with DISTTRAIN_ACCEPT=1, which rewrites them, and read the difference.
/// </summary>
public sealed class GoldenScenarioTests
{
    [Fact]
    public void Two_epochs_with_a_lost_worker_and_a_skipped_step()
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: 4, epochs: 2);
        TrainingPlan plan = TestJobs.Plan(job, train: 16, validation: 600, test: 500);
        var cluster = new GoldenCluster(job, plan, initialWorkers: 2)
        {
            LossAt = version => 2 - 0.25 * version,
            NotFiniteAt = 2,
        };
        cluster.Transcript.Heading("Two workers join; four shards are divided between them.");
        cluster.Join("worker-a");
        cluster.Join("worker-b");
        cluster.RunUntil<ShardComputed>("worker-b", computed => computed.Step == 1);
        cluster.Transcript.Heading("In the second step worker-b is lost; its shards go to worker-a.");
        cluster.Lose("worker-b", "its socket closed");
        cluster.RunUntil<ComputeGradients>("worker-a", order => order.Step == 1);
        cluster.Transcript.Heading("worker-b is back, and gets a part from the next division of work on.");
        cluster.Join("worker-b");
        cluster.RunUntil<ComputeGradients>("worker-a", order => order.Step == 2);
        cluster.Transcript.Heading("The gradient of the third step is not finite: no update, for anyone.");
        cluster.RunUntil<ComputeGradients>("worker-a", order => order.Step == 3);
        cluster.Transcript.Heading("The last step, validation, the last checkpoint, the test set, the end.");
        cluster.RunToEnd();
        IsCommitted("lost-worker-and-skipped-step", cluster.Transcript);
    }

    [Fact]
    public void Early_stopping_brings_back_the_best_weights_under_a_version_of_their_own()
    {
        JobSpec job = TestJobs.Job(batch: 4, shards: 2, epochs: 5, stopping: new EarlyStoppingSpec
        {
            Metric = StoppingMetric.ValidationLoss,
            Patience = 1,
            RestoreBest = true,
        });
        TrainingPlan plan = TestJobs.Plan(job, train: 4, validation: 500, test: 500);
        var cluster = new GoldenCluster(job, plan, initialWorkers: 1)
        {
            LossAt = version => 1 + 0.25 * version,
        };
        cluster.Transcript.Heading("Every epoch is worse than the one before; patience is one epoch.");
        cluster.Join("worker-a");
        cluster.RunToEnd();
        IsCommitted("early-stopping", cluster.Transcript);
    }

    [Fact]
    public void An_order_and_an_answer_are_lost_and_a_worker_leaves()
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: 4, epochs: 1);
        TrainingPlan plan = TestJobs.Plan(job, train: 24);
        var cluster = new GoldenCluster(job, plan, initialWorkers: 2) { LossAt = _ => 1 };
        cluster.Join("worker-a");
        cluster.Join("worker-b");
        cluster.RunUntil<ComputeGradients>("worker-b", order => order.Step == 0);
        cluster.Transcript.Heading("The first order to worker-b is lost; after a while it is given again.");
        cluster.LoseNext();
        cluster.RunToQuiet();
        cluster.Wait(TimeSpan.FromSeconds(11));
        cluster.RunUntil<SubtreeReady>("coordinator", ready => ready is { Step: 1, Worker.Name: "worker-b" });
        cluster.Transcript.Heading("An answer is lost; asked again, worker-b answers and computes nothing.");
        cluster.LoseNext();
        cluster.RunToQuiet();
        cluster.Wait(TimeSpan.FromSeconds(60));
        cluster.RunUntil<ComputeGradients>("worker-b", order => order.Step == 2);
        cluster.Transcript.Heading("worker-b is drained: it delivers its part of the step and is let go.");
        cluster.Leave("worker-b");
        cluster.RunToEnd();
        IsCommitted("lost-messages-and-leaving-worker", cluster.Transcript);
    }

    private static void IsCommitted(string name, Transcript transcript)
    {
        string path = JobTexts.RepositoryPath($"tests/DistTrain.Core.Tests/Coordination/Golden/{name}.txt");
        if (Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT") == "1")
        {
            File.WriteAllText(path, transcript.ToString());
        }
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(
            transcript.ToString(), $"{name} is stale; run the tests once with DISTTRAIN_ACCEPT=1");
    }
}
