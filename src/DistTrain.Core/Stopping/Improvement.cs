using DistTrain.Core.Jobs;

namespace DistTrain.Core.Stopping;

/// <summary>What counts as better: losses go down, accuracies up, by more than the minimum delta.</summary>
public static class Improvement
{
    /// <summary>True where a larger value is better.</summary>
    public static bool IsUpward(StoppingMetric metric)
        => metric is StoppingMetric.ValidationAccuracy or StoppingMetric.TrainAccuracy;

    /// <summary>
    /// True when <paramref name="value"/> beats <paramref name="best"/> by more than <paramref
    /// name="minDelta"/>. Before the first best any finite value does; NaN, or an infinite loss, never.
    /// </summary>
    public static bool IsOne(StoppingMetric metric, double? best, double value, double minDelta)
        => IsUpward(metric)
            ? value > (best ?? double.NegativeInfinity) + minDelta
            : value < (best ?? double.PositiveInfinity) - minDelta;
}
