namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>What <c>disttrain train</c> makes of the jobs of the tests, each computed once.</summary>
public sealed class References : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    public References() => TestJob.WritePoints(_workspace.Path);

    /// <summary>Fingerprint of the weights that one process gives.</summary>
    internal string HashOf(TestJob job)
    {
        if (!_hashes.TryGetValue(job.Key, out string? hash))
        {
            string file = _workspace.Write("job.json", (job with { MinWorkers = 1 }).ToJson(_workspace.Path));
            hash = Disttrain.Train(_workspace, file, "--workers", "1").Hash!;
            _hashes[job.Key] = hash;
        }

        return hash;
    }

    public void Dispose() => _workspace.Dispose();
}

/// <summary>All tests of clusters: one at a time, one set of references.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<References>
{
    public const string Name = "clusters";
}
