using DistTrain.Core.Jobs;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Schedules;

/// <summary>
/// Reduces the rate when a metric stops improving: PyTorch's ReduceLROnPlateau with an absolute threshold and
/// no cool-down. <c>Patience</c> epochs without improvement are borne; the next one reduces the rate and
/// starts the count anew. The best value stays.
/// </summary>
public static class PlateauPolicy
{
    /// <summary>The state after one more epoch.</summary>
    /// <param name="spec">Factor, patience, minimum delta and metric.</param>
    /// <param name="state">The state before.</param>
    /// <param name="value">The watched metric on the epoch's weights; NaN never improves.</param>
    public static PlateauState Observe(ScheduleSpec spec, PlateauState state, double value)
    {
        if (Improvement.IsOne(spec.Metric, state.Best, value, spec.MinDelta))
            return state with { Best = value, BadEpochs = 0 };
        return state.BadEpochs < spec.Patience
            ? state with { BadEpochs = state.BadEpochs + 1 }
            : state with { Factor = state.Factor * spec.Factor, BadEpochs = 0 };
    }
}
