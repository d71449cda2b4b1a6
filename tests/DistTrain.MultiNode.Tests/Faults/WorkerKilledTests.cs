using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>A worker's process ends without a word.</summary>
public sealed class WorkerKilledTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    /// <summary>Less than a gradient or the weights of the wide job: it ends within one.</summary>
    private const long HalfAPayload = 500_000;

    [SkippableFact]
    public async Task A_worker_killed_at_work_costs_nothing_but_time()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await cluster.WhenWorkingAsync("w2", run);
        Task told = run.TellPauseAsync("the kill");
        await cluster.Worker("w2").KillAsync();
        await cluster.WhenSaidAsync("w2 is gone: ");
        await told;
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "a lost worker restarts nothing");
    }

    [SkippableTheory]
    [InlineData("before it sends")]
    [InlineData("while it sends")]
    [InlineData("after it has sent")]
    public async Task A_worker_killed_(string moment)
    {
        string hash = HashOf(TestJob.Wide);
        TestCluster cluster = await StartAsync(null, "w1");
        (Node victim, LinkProxy proxy) = await StartBehindProxyAsync(cluster, "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Wide);
        await cluster.WhenWorkingAsync("w2", run);

        // Half of the next weights are with one that has sent: the gradient before them has been used.
        ProxyFlow flow = moment == "after it has sent" ? proxy.Down : proxy.Up;
        flow.Stall(moment == "before it sends" ? 0 : HalfAPayload);
        await flow.Stalled.WaitAsync(Patience.Limit);
        await victim.KillAsync();
        Task told = run.TellPauseAsync("the kill");
        proxy.Cut();
        await told;
        (await run.EndAsync(hash)).Attempt.ShouldBe(1, "a lost worker restarts nothing");
    }

    [SkippableFact]
    public async Task Workers_killed_at_random_moments_and_replaced()
    {
        const int Kills = 6;
        string hash = HashOf(TestJob.Long);
        Random moments = Moments();
        TestCluster cluster = await StartAsync(null, "w1", "w2", "w3");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        for (int kill = 0; kill < Kills; kill++)
        {
            string name = $"w{moments.Next(1, 4)}";
            await cluster.WhenWorkingAsync(name, run);
            await run.AdvanceAsync(moments.Next(1, 40));
            await cluster.Worker(name).KillAsync();
            cluster.StartWorker(name);
        }

        await run.EndAsync(hash);
    }

    [SkippableFact]
    public async Task All_workers_killed_and_new_ones_started()
    {
        var job = new TestJob();
        string hash = HashOf(job);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        await run.ReachAsync(100);
        await Task.WhenAll(cluster.Worker("w1").KillAsync(), cluster.Worker("w2").KillAsync());
        await run.WhenNoticedAsync("waiting for workers: 0 here, 1 needed");
        await cluster.StartWorkersAsync("w3", "w4");
        await run.WhenNoticedAsync("going on with ");
        JobView end = await run.EndAsync(hash);
        end.Attempt.ShouldBe(1, "the run waited, and went on where it was");
    }
}
