using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>Whatever the cluster does, the weights at the end are the bits of the run without one.</summary>
public class SimulationTests
{
    private const int Histories = 400;

    [Fact]
    public void Any_number_of_workers_in_any_order_of_messages_gives_the_same_bits()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            (JobSpec job, TrainingPlan plan) = Some(seed);
            SimulatedCluster cluster = New(job, plan, seed, workers: 1 + seed % 7);
            cluster.Run(faultRate: 0);
            Check(cluster, job, plan, seed);
        }
    }

    [Fact]
    public void Deaths_joins_and_duplicates_change_no_bit()
    {
        int deaths = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            (JobSpec job, TrainingPlan plan) = Some(seed);
            SimulatedCluster cluster = New(job, plan, seed, workers: 1 + seed % 5);
            cluster.Run(faultRate: 12);
            Check(cluster, job, plan, seed);
            deaths += cluster.Deaths;
        }
        deaths.ShouldBeGreaterThan(Histories, "the histories are meant to be rough");
    }

    [Fact]
    public void A_run_interrupted_at_any_step_and_resumed_with_other_workers_gives_the_same_bits()
    {
        for (int seed = 0; seed < Histories; seed++)
        {
            (JobSpec job, TrainingPlan plan) = Some(seed);
            SimulatedCluster first = New(job, plan, seed, workers: 1 + seed % 3);
            first.Run(faultRate: 20, stopAt: seed % plan.TotalSteps);
            first.Outcome!.Status.ShouldBe(RunStatus.Interrupted, $"seed {seed}");
            (TrainingProgress progress, float[] weights) = first.Saved!.Value;
            var second = new SimulatedCluster(job, plan, seed + 1_000_000, 1 + seed % 4, progress, weights);
            second.Run(faultRate: 20);
            Check(second, job, plan, seed);
        }
    }

    private static void Check(SimulatedCluster cluster, JobSpec job, TrainingPlan plan, int seed)
    {
        cluster.Outcome!.Status.ShouldBe(RunStatus.Completed, $"seed {seed}: {cluster.Outcome.Reason}");
        cluster.Outcome.Progress.Step.ShouldBe(plan.TotalSteps, $"seed {seed}");
        cluster.Weights.Select(BitConverter.SingleToInt32Bits).ShouldBe(
            SimulatedCluster.Reference(job, plan).Select(BitConverter.SingleToInt32Bits), $"seed {seed}");
    }

    private static SimulatedCluster New(JobSpec job, TrainingPlan plan, int seed, int workers)
        => new(job, plan, seed, workers, new TrainingProgress(), SimulatedCluster.InitialWeights);

    private static (JobSpec Job, TrainingPlan Plan) Some(int seed)
    {
        int shards = 1 + seed % 9;
        JobSpec job = TestJobs.Job(batch: shards * (1 + seed % 3), shards: shards, epochs: 1 + seed % 2);
        return (job, TestJobs.Plan(job, train: job.Batch.Global * 3 + seed % job.Batch.Global));
    }
}
