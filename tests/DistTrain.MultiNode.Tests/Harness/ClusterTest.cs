using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// A test of one cluster. What its nodes said is in the test's output, which is shown when it fails.
/// </summary>
[Collection(ClusterTests.Name)]
public abstract class ClusterTest(References references, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<TestCluster> _clusters = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (TestCluster cluster in _clusters)
        {
            await cluster.DisposeAsync();
            output.WriteLine(cluster.Transcript.ToString());
        }
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
}
