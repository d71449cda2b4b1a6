using DistTrain.Cli.Tests.Harness;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>Whoever looks changes nothing.</summary>
public sealed class DisturbanceTests
{
    [SkippableFact]
    public async Task Scrapes_without_pause_change_no_bit_of_a_run()
    {
        Needs.Engine();
        Needs.Signals();
        var job = new TestJob();
        await using var cluster = new TestCluster(ClusterOptions.Alert);
        string file = cluster.Workspace.Write("reference.json", job.ToJson(cluster.Workspace.Path));
        string hash = Disttrain.Train(cluster.Workspace, file, "--workers", "1").Hash!;
        await cluster.StartCoordinatorAsync();
        await cluster.StartWorkersAsync("w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(job);
        using var stop = new CancellationTokenSource();
        Task<int> scrapes = ScrapeAsync(new Uri(cluster.Http, "metrics"), stop.Token);

        await run.EndAsync(hash);

        await stop.CancelAsync();
        (await scrapes).ShouldBeGreaterThan(10);
    }

    /// <summary>The number of scrapes that showed the run in the middle of its steps.</summary>
    private static async Task<int> ScrapeAsync(Uri address, CancellationToken stop)
    {
        using var http = new HttpClient();
        int seen = 0;
        while (!stop.IsCancellationRequested)
        {
            string text = await http.GetStringAsync(address, CancellationToken.None);
            bool shows = text.Contains("disttrain_steps_total{job_id=", StringComparison.Ordinal);
            seen += shows ? 1 : 0;
        }

        return seen;
    }
}
