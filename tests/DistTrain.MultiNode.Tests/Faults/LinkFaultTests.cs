using DistTrain.Api;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Faults;

/// <summary>Both ends live, and the way between them does not.</summary>
public sealed class LinkFaultTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task A_link_that_is_cut_is_made_anew()
    {
        string hash = HashOf(new TestJob());
        (TestCluster cluster, LinkProxy proxy, WatchedJob run) = await StartPairAsync(new TestJob());
        for (int cut = 0; cut < 3; cut++)
        {
            await cluster.WhenWorkingAsync("w2", run);
            Task lost = run.WhenNoticedAsync("waiting for workers: 1 here, 2 needed", fresh: true);
            Task back = run.WhenNoticedAsync("going on with 2 workers", fresh: true);
            proxy.Cut();
            await lost;
            await back;
        }

        await cluster.Transcript.WhenSaidAsync("w2", "lost the coordinator: ");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_worker_cut_off_in_silence_is_given_up_and_back_once_the_link_heals()
    {
        string hash = HashOf(new TestJob());
        (TestCluster cluster, LinkProxy proxy, WatchedJob run) = await StartPairAsync(new TestJob());
        proxy.Stall();
        await cluster.WhenSaidAsync("w2 is gone: nothing heard for 2 s");
        await cluster.Transcript.WhenSaidAsync("w2", "lost the coordinator: the coordinator is silent");
        await run.WhenNoticedAsync("waiting for workers: 1 here, 2 needed");

        // What the old link still held arrives now, late, at a coordinator that has given it up.
        proxy.Heal();
        await run.WhenNoticedAsync("going on with 2 workers");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_silence_shorter_than_the_patience_costs_no_link()
    {
        string hash = HashOf(new TestJob());
        (TestCluster cluster, LinkProxy proxy, WatchedJob run) = await StartPairAsync(
            new TestJob(),
            new ClusterOptions
            {
                CoordinatorOptions =
                    ["--heartbeat", "100ms", "--suspect-after", "300ms", "--remove-after", "1m"],
            });
        proxy.Stall();
        await cluster.WhenSaidAsync("w2 is suspected: nothing heard for 0.3 s");
        proxy.Heal();
        await cluster.WhenSaidAsync("w2 is back");
        await run.EndAsync(hash);
        cluster.Transcript.Of("coordinator").ShouldNotContain(line => line.StartsWith("w2 is gone"));
    }

    [SkippableFact]
    public async Task A_slow_link_changes_no_bit()
    {
        string hash = HashOf(TestJob.Wide);
        (_, LinkProxy proxy, WatchedJob run) = await StartPairAsync(TestJob.Wide);
        proxy.Up.Delay = TimeSpan.FromMilliseconds(2);
        proxy.Down.Delay = TimeSpan.FromMilliseconds(1);
        await run.AdvanceAsync(20);
        proxy.Up.Delay = proxy.Down.Delay = TimeSpan.Zero;
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Under_TLS_a_flipped_bit_costs_the_link_and_nothing_else()
    {
        string hash = HashOf(new TestJob());
        Certificates certificates = Own(new Certificates("127.0.0.1"));
        (TestCluster cluster, LinkProxy proxy, WatchedJob run) = await StartPairAsync(
            new TestJob(), certificates.Options);
        proxy.Up.Damage();
        await cluster.WhenSaidAsync("w2 is gone: ");
        await run.WhenNoticedAsync("going on with 2 workers");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    /// <summary>Two workers, one of them behind a proxy, and a job that needs both.</summary>
    private async Task<(TestCluster Cluster, LinkProxy Proxy, WatchedJob Job)> StartPairAsync(
        TestJob job, ClusterOptions? options = null)
    {
        TestCluster cluster = await StartAsync(options ?? ClusterOptions.Alert, "w1");
        (_, LinkProxy proxy) = await StartBehindProxyAsync(cluster, "w2");
        WatchedJob run = await cluster.SubmitAsync(job with { MinWorkers = 2 });
        await cluster.WhenWorkingAsync("w2", run);
        return (cluster, proxy, run);
    }
}
