using DistTrain.Cli.Tests.Harness;
using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>
/// A cluster of three workers with a job that runs, another that waits, and a Prometheus that scrapes all of
/// them. One for all tests that look at it; a test that does harm brings a victim of its own.
/// </summary>
public sealed class MonitoredCluster : IAsyncLifetime
{
    private const string Token = "swordfish-of-the-monitored";

    /// <summary>Long enough for every test; it is ended with the cluster.</summary>
    private static readonly TestJob Endless =
        new() { Name = "endless", Epochs = 100_000, CheckpointEvery = 200 };

    internal TestCluster Cluster { get; private set; } = null!;

    internal Prometheus Prometheus { get; private set; } = null!;

    /// <summary>null: the cluster is there; else why it is not.</summary>
    private Exception? _absent;

    public async Task InitializeAsync()
    {
        try
        {
            Needs.Engine();
            Needs.Signals();
            Monitoring.Prometheus.Needed();
        }
        catch (SkipException reason)
        {
            _absent = reason;
            return;
        }

        Cluster = new TestCluster(ClusterOptions.Alert with
        {
            Token = Token,
            WorkerOptions = ["--metrics", "127.0.0.1:0"],
        });
        await Cluster.StartCoordinatorAsync();
        await Cluster.StartWorkersAsync("w1", "w2", "w3");
        await Cluster.SubmitUnwatchedAsync(Endless);
        await Cluster.SubmitUnwatchedAsync(Endless with { Name = "waiting", MinWorkers = 9 });
        Prometheus = Monitoring.Prometheus.Start(Cluster.Workspace, Token, new Dictionary<string, string[]>
        {
            ["disttrain-coordinator"] = [$"{Cluster.Http.Host}:{Cluster.Http.Port}"],
            ["disttrain-worker"] = [await MetricsOf("w1"), await MetricsOf("w2"), await MetricsOf("w3")],
        });
        // A checkpoint and a validation, so that every family has a series with something in it.
        await Prometheus.WhenAsync(
            "disttrain_checkpoints_total{outcome=\"written\"} > 1", found => found.Length == 1);
        await Prometheus.WhenAsync("disttrain_noise_scale", found => found.Length == 1);
    }

    /// <summary>Skips the test where the cluster could not be.</summary>
    internal void Needed()
    {
        if (_absent is not null)
        {
            throw _absent;
        }
    }

    /// <summary>The text of a scrape of the coordinator.</summary>
    internal async Task<string> ScrapeAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return await http.GetStringAsync(new Uri(Cluster.Http, "metrics"));
    }

    /// <summary>The text of a scrape of a worker.</summary>
    internal async Task<string> ScrapeAsync(string worker)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return await http.GetStringAsync($"http://{await MetricsOf(worker)}/metrics");
    }

    public async Task DisposeAsync()
    {
        if (_absent is null)
        {
            await Prometheus.DisposeAsync();
            await Cluster.DisposeAsync();
        }
    }

    /// <summary>Where a worker says that it serves its metrics.</summary>
    private async Task<string> MetricsOf(string worker)
    {
        string said = await Cluster.Transcript.WhenSaidAsync(worker, "metrics at http://", 0);
        return new Uri(said[said.IndexOf("http://", StringComparison.Ordinal)..]).Authority;
    }
}

[CollectionDefinition(Name)]
public sealed class MonitoredClusterTests : ICollectionFixture<MonitoredCluster>
{
    public const string Name = "monitored cluster";
}
