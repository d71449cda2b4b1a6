using DistTrain.Core.Hosting;

namespace DistTrain.Core.Membership;

/// <summary>
/// The name of a node, unique in its cluster, e.g. "gpu-3". The worker actor a node lends to a run has the
/// same name.
/// </summary>
public readonly record struct NodeId(string Name)
{
    public ActorId Actor => new(Name);

    public override string ToString() => Name;
}

/// <summary>What a worker node says of itself when it registers.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Cores">Processors the process may use.</param>
/// <param name="MemoryBytes">Memory of the device the replica lives on.</param>
/// <param name="Speed">
/// Measured before it joined, in billions of multiply-adds a second on a fixed small product; only ratios
/// between nodes count, and only until steps have been measured.
/// </param>
/// <param name="Engine">e.g. "libtorch 1.13.1 on cpu".</param>
/// <param name="Version">Of the program.</param>
public sealed record NodeDescription(
    string Device, int Cores, long MemoryBytes, double Speed, string Engine, string Version);
