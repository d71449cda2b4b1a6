using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tests.Tuning.Samplers;

/// <summary>Spaces whose fields do not matter.</summary>
internal static class Spaces
{
    public static SearchSpace Cube(int dimensions)
        => new([.. Enumerable.Range(0, dimensions).Select(i => new NumberDimension($"x{i}", 0, 1, false))]);
}
