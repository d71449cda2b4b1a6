using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>The coordinator ends without a word, and another takes up its state and its ports.</summary>
public sealed class CoordinatorKilledTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableTheory]
    [InlineData("computing")]
    [InlineData("evaluating")]
    [InlineData("saving")]
    public async Task A_coordinator_killed_while_(string phase)
    {
        var job = new TestJob { CheckpointEvery = 30 };
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        switch (phase)
        {
            case "computing":
                await run.ReachAsync(100);
                break;
            case "evaluating":
                await run.ReachAsync(100);
                await run.WhenAsync(
                    "an evaluation", happened => happened.Evaluating is not null, fresh: true);
                break;
            default:
                await run.ReachAsync(100);
                await FileBegunAsync(cluster.StateFolder);
                break;
        }

        await cluster.Coordinator.KillAsync();
        await cluster.StartCoordinatorAsync();
        (await run.EndAsync(hash)).Attempt.ShouldBe(2);
        (await cluster.Client.ClusterAsync()).Epoch.ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_coordinator_killed_as_soon_as_it_has_taken_a_job()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        JobView submitted = await cluster.SubmitUnwatchedAsync(job);
        await cluster.Coordinator.KillAsync();
        await cluster.StartCoordinatorAsync();
        await cluster.Watch(submitted).EndAsync(hash);
    }

    [SkippableFact]
    public async Task Queue_running_job_and_finished_results_survive_it()
    {
        var job = new TestJob();
        var brief = new TestJob { Name = "brief", Epochs = 2 };
        (string hash, string briefHash) = (HashOf(job), HashOf(brief));
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob first = await cluster.SubmitAsync(brief);
        await first.EndAsync(briefHash);
        WatchedJob running = await cluster.SubmitAsync(job);
        WatchedJob queued = await cluster.SubmitAsync(brief);
        await running.ReachAsync(120);
        await cluster.Coordinator.KillAsync();
        await cluster.StartCoordinatorAsync();
        (await cluster.Client.JobsAsync()).Select(one => one.Id)
            .ShouldBe([first.Id, running.Id, queued.Id], "the order of submission holds");
        await running.EndAsync(hash);
        await queued.EndAsync(briefHash);
        await first.EndAsync(briefHash);
        running.Events.Where(happened => happened.Started?.ResumedAt >= 50).ShouldHaveSingleItem(
            "it went on from a checkpoint");
        running.Events.Select(happened => happened.Sequence).ShouldBeInOrder();
    }

    [SkippableFact]
    public async Task Killed_together_with_a_worker()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(100);
        await Task.WhenAll(cluster.Coordinator.KillAsync(), cluster.Worker("w1").KillAsync());
        cluster.StartWorker("w3");
        await cluster.Transcript.WhenSaidAsync("w3", "cannot be reached");
        await cluster.StartCoordinatorAsync();
        await cluster.WhenWorkingAsync("w3", run);
        await run.EndAsync(hash);
    }

    [SkippableFact]
    public async Task A_second_coordinator_on_the_same_state_is_refused_and_the_first_goes_on()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(10);
        Node second = cluster.StartCoordinator("second", 0, 0);
        (await second.Ended.OrFail("the second coordinator ends")).ShouldBe(2);
        cluster.Transcript.Of("second").ShouldContain(
            line => line.StartsWith("disttrain: ") && line.Contains(cluster.StateFolder)
                && line.Contains($"{cluster.Coordinator.Id}"));
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    /// <summary>Waits until a file is begun beside its place, as whatever is saved is.</summary>
    private static async Task FileBegunAsync(string folder)
    {
        var begun = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder, "step-*") { IncludeSubdirectories = true };
        watcher.Created += (_, _) => begun.TrySetResult(true);
        watcher.EnableRaisingEvents = true;
        await begun.Task.OrFail("a checkpoint is begun");
    }
}
