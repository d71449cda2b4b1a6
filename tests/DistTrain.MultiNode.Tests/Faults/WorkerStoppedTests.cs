using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>A worker stands still with its sockets open: only its silence can tell.</summary>
public sealed class WorkerStoppedTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task The_others_go_on_without_a_worker_that_stands_still()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(ClusterOptions.Alert, "w1", "w2", "w3");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w3", run);
        Task told = run.TellPauseAsync("SIGSTOP");
        cluster.Worker("w3").Stop();
        await told;
        await run.EndAsync(hash);
        await cluster.WhenGoneAsync("w3");
    }

    [SkippableFact]
    public async Task A_worker_that_was_given_up_is_back_at_work_once_it_goes_on()
    {
        TestJob job = new TestJob() with { MinWorkers = 2 };
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(ClusterOptions.Alert, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        cluster.Worker("w2").Stop();
        await cluster.WhenSaidAsync("w2 is suspected: nothing heard for 0.7 s");
        await cluster.WhenSaidAsync("w2 is gone: nothing heard for 2 s");
        await run.WhenNoticedAsync("waiting for workers: 1 here, 2 needed");
        cluster.Worker("w2").Continue();
        await run.WhenNoticedAsync("going on with 2 workers");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }
}
