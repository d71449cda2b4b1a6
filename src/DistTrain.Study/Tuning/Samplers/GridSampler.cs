using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tuning.Samplers;

/// <summary>Every combination, the last dimension turning fastest.</summary>
public sealed class GridSampler : ISampler
{
    private readonly IReadOnlyList<double>[] _axes;

    /// <param name="space">Choices and short ranges are taken whole.</param>
    /// <param name="points">Points on a scale that has more values.</param>
    public GridSampler(SearchSpace space, int points)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        _axes = [.. space.Dimensions.Select(d => d.GridPoints(points))];
        Count = _axes.Aggregate(1.0, (product, axis) => product * axis.Count);
    }

    /// <summary>Points of the whole grid; a number that may be beyond any integer.</summary>
    public double Count { get; }

    public double[]? Next(int index, IReadOnlyList<Observation> seen)
    {
        if (index >= Count)
        {
            return null;
        }

        double[] point = new double[_axes.Length];
        for (int d = _axes.Length - 1; d >= 0; d--)
        {
            (index, int at) = Math.DivRem(index, _axes[d].Count);
            point[d] = _axes[d][at];
        }

        return point;
    }
}
