using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>Nodes come and go as they are asked to.</summary>
public sealed class LeavingTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableTheory]
    [InlineData("SIGTERM")]
    [InlineData("drain")]
    public async Task A_worker_that_is_asked_to_go_finishes_its_step_and_goes(string by)
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        if (by == "drain")
        {
            (await cluster.Client.DrainAsync("w2")).Status.ShouldBe(CommandStatus.Done);
        }
        else
        {
            cluster.Worker("w2").Terminate();
        }

        (await cluster.Worker("w2").Ended.OrFail("w2 leaves")).ShouldBe(0);
        await cluster.WhenSaidAsync("w2 has left");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
        run.Notices.ShouldNotContain(line => line.StartsWith("w2 is lost"), "nothing was computed twice");
    }

    [SkippableFact]
    public async Task A_coordinator_that_is_asked_to_go_saves_and_its_successor_goes_on_from_there()
    {
        // Without checkpoints of its own: what the successor goes on from was saved on leaving.
        var job = new TestJob { CheckpointEvery = 100_000, Name = "unsaved" };
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(90);
        cluster.Coordinator.Terminate();
        (await cluster.Coordinator.Ended.OrFail("the coordinator leaves")).ShouldBe(0);
        await cluster.StartCoordinatorAsync();
        JobEvent again = await run.WhenAsync(
            "its second start", happened => happened.Started?.ResumedAt is not null);
        again.Started!.ResumedAt!.Value.ShouldBeGreaterThanOrEqualTo(90);
        (await run.EndAsync(hash)).Attempt.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Workers_that_join_in_mid_epoch_get_shards_of_the_next_steps()
    {
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(null, "w1");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(TestJob.StepsPerEpoch + TestJob.StepsPerEpoch / 2);
        await cluster.StartWorkersAsync("w2", "w3");
        await cluster.WhenWorkingAsync("w2", run);
        ClusterView view = await cluster.WhenWorkingAsync("w3", run);
        view.Nodes.Sum(node => node.Pace?.Shards ?? 0).ShouldBe(8, "each shard has one worker");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_second_worker_of_a_name_waits_until_the_first_is_gone()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1");
        Node first = cluster.Worker("w1");
        Node second = cluster.StartWorker("w1");
        await cluster.Transcript.WhenSaidAsync("w1", "not let in: the name w1 is in use by another worker");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(20);
        await first.KillAsync();
        await second.ReadyAsync();
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }
}
