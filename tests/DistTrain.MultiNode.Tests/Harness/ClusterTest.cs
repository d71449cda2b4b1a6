using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// A test of one cluster. What its nodes said is in the test's output, which is shown when it fails.
/// </summary>
[Collection(ClusterTests.Name)]
public abstract class ClusterTest(References references, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<TestCluster> _clusters = [];
    private readonly List<LinkProxy> _proxies = [];
    private readonly List<IDisposable> _owned = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (LinkProxy proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        foreach (TestCluster cluster in _clusters)
        {
            await cluster.DisposeAsync();
            output.WriteLine(cluster.Transcript.ToString());
        }

        _owned.ForEach(one => one.Dispose());
    }

    /// <summary>Fingerprint of the weights that the job has in one process.</summary>
    internal string HashOf(TestJob job) => references.HashOf(job);

    /// <summary>A coordinator, and workers that have joined it.</summary>
    internal async Task<TestCluster> StartAsync(ClusterOptions? options = null, params string[] workers)
    {
        Needs.Engine();
        Needs.Signals();
        var cluster = new TestCluster(options ?? new ClusterOptions());
        _clusters.Add(cluster);
        await cluster.StartCoordinatorAsync();
        await cluster.StartWorkersAsync(workers);
        return cluster;
    }

    /// <summary>A worker that has joined by way of a proxy.</summary>
    internal async Task<(Node Worker, LinkProxy Proxy)> StartBehindProxyAsync(
        TestCluster cluster, string name)
    {
        var proxy = new LinkProxy(cluster.Link);
        _proxies.Add(proxy);
        Node worker = cluster.StartWorker(name, proxy.Address);
        await worker.ReadyAsync();
        return (worker, proxy);
    }

    internal void Say(string line) => output.WriteLine(line);

    /// <summary>Goes when the nodes that use it are gone.</summary>
    internal T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    /// <summary>A source of moments; its seed is told.</summary>
    internal Random Moments()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
