namespace DistTrain.Core.Models;

/// <summary>What a stretch of the flat buffer is; optimizers and initialisation ask.</summary>
public enum ParameterRole
{
    Weight, Bias, NormScale, NormShift, RunningMean, RunningVariance, Opaque, OpaqueBuffer,
}

/// <summary>One named tensor inside the flat buffer.</summary>
/// <param name="Name">As PyTorch would name it in an nn.Sequential, e.g. "1.weight".</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Role">What it is.</param>
/// <param name="Offset">First element in the flat buffer.</param>
/// <param name="FanIn">Inputs to one output unit, for initialisation; 0 where it has no meaning.</param>
public sealed record ParameterSlot(
    string Name, IReadOnlyList<int> Shape, ParameterRole Role, long Offset, int FanIn)
{
    /// <summary>Number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => product * dimension);
}

/// <summary>
/// The map of a model's flat buffer: trained parameters first, [0, ParameterCount), then buffers such as
/// running statistics, [ParameterCount, TotalCount), packed without padding.
/// A gradient has the same layout: its tail carries, per buffer element, the shard's sample count times the
/// change the shard makes to it, so that buffers are averaged by the same tree that sums gradients.
/// </summary>
public sealed record ParameterLayout(
    IReadOnlyList<ParameterSlot> Slots, long ParameterCount, long BufferCount)
{
    public long TotalCount => ParameterCount + BufferCount;
}
