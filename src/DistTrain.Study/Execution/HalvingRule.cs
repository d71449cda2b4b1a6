using DistTrain.Core.Jobs;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Execution;

/// <summary>
/// Successive halving without waiting (ASHA, Li et al. 2020, in its stopping form): a run that reaches a rung
/// goes on if it is among the best share of those of its setting that have reached that rung so far. The
/// first to arrive always goes on, so nothing ever waits for a run that has not begun.
/// </summary>
/// <param name="halving">Rungs and share.</param>
/// <param name="metric">What runs are judged by.</param>
public sealed class HalvingRule(HalvingSpec halving, StoppingMetric metric)
{
    private readonly Dictionary<(string Setting, int Rung), Dictionary<string, double>> _reached = [];

    /// <summary>Notes what a run showed at the end of an epoch.</summary>
    /// <param name="setting">Runs of one setting are compared.</param>
    /// <param name="run">Which.</param>
    /// <param name="epoch">1-based.</param>
    /// <param name="value">Of the metric; null or NaN is worse than any number.</param>
    /// <returns>Whether it goes on; true at an epoch that is no rung.</returns>
    public bool GoesOn(string setting, string run, int epoch, double? value)
    {
        if (!halving.Rungs.Contains(epoch))
        {
            return true;
        }

        double own = value ?? double.NaN;
        if (!_reached.TryGetValue((setting, epoch), out var values))
        {
            _reached.Add((setting, epoch), values = new(StringComparer.Ordinal));
        }

        values[run] = own;
        int better = values.Values.Count(other => RunTrace.IsBetter(metric, other, own));
        return better < (int)Math.Ceiling(halving.Keep * values.Count);
    }
}
