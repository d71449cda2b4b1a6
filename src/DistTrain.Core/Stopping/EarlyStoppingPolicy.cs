using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Stopping;

/// <summary>What one more epoch means.</summary>
/// <param name="State">To remember.</param>
/// <param name="Improved">The epoch is the best so far: its weights are the ones to keep.</param>
/// <param name="Stop">Patience has run out.</param>
public sealed record EarlyStoppingDecision(EarlyStoppingState State, bool Improved, bool Stop);

/// <summary>
/// Ends training once the watched metric has not improved for <c>Patience</c> epochs in a row (Prechelt 1998,
/// "Early stopping – but when?", the UP criterion on epochs): with patience 3 the third such epoch is the
/// last. A patience of 0 stops like 1, at the first. "Improved" is measured from the best epoch, not from the
/// one before.
/// </summary>
public sealed class EarlyStoppingPolicy(EarlyStoppingSpec spec)
{
    /// <param name="state">The state after the epoch before.</param>
    /// <param name="epoch">1-based.</param>
    /// <param name="value">The watched metric, see <see cref="Watched"/>; NaN never improves.</param>
    public EarlyStoppingDecision Observe(EarlyStoppingState state, int epoch, double value)
    {
        if (Improvement.IsOne(spec.Metric, state.Best, value, spec.MinDelta))
            return new(new EarlyStoppingState(value, epoch, BadEpochs: 0), Improved: true, Stop: false);
        EarlyStoppingState worse = state with { BadEpochs = state.BadEpochs + 1 };
        return new(worse, Improved: false, Stop: worse.BadEpochs >= spec.Patience);
    }

    /// <summary>
    /// The value a metric has after an epoch; null where there is none to watch: no validation set, or
    /// accuracy for regression.
    /// </summary>
    public static double? Watched(
        StoppingMetric metric, EvaluationMetrics train, EvaluationMetrics? validation)
        => metric switch
        {
            StoppingMetric.ValidationLoss => validation?.Loss,
            StoppingMetric.ValidationAccuracy => validation?.Accuracy,
            StoppingMetric.TrainLoss => train.Loss,
            StoppingMetric.TrainAccuracy => train.Accuracy,
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric."),
        };
}
