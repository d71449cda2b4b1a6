namespace DistTrain.Containers.Tests.Harness;

/// <summary>What <c>disttrain train</c> makes of the jobs outside of any container, each computed once.</summary>
public sealed class References : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Dictionary<MnistJob, string> _hashes = [];

    /// <summary>Fingerprint of the weights that one process gives.</summary>
    internal string HashOf(MnistJob job)
    {
        if (!_hashes.TryGetValue(job, out string? hash))
        {
            string file = _workspace.Write("job.json", job.ToJson());
            hash = Disttrain.Train(_workspace, file, "--workers", "1").Hash!;
            _hashes[job] = hash;
        }

        return hash;
    }

    public void Dispose() => _workspace.Dispose();
}

/// <summary>All tests of containers: one at a time, one set of references.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ContainerTests : ICollectionFixture<References>
{
    public const string Name = "containers";
}
