using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// What learning rate and warm-up become when the batch grows k-fold, k = B/B_ref:
/// <code>
/// linear    η₀·k                      Goyal et al. 2017, section 2.1
/// sqrt      η₀·√k                     Krizhevsky 2014; for Adam-like optimizers Malladi et al. 2022
/// legew     η₀·√k, warm-up epochs·k   You et al. 2019, "Large-batch training for LSTM and beyond"
/// adascale  η₀ times a gain that every step has of its own: <see cref="AdaScaleGain"/>
/// </code>
/// A batch below the reference shrinks both likewise. Weight decay is never scaled.
/// </summary>
internal static class BatchScaling
{
    internal static double RateFor(LearningRateSpec spec, int globalBatch)
        => spec.Base * RateFactor(spec.Scaling, Growth(spec, globalBatch));

    internal static double WarmupEpochsFor(LearningRateSpec spec, int globalBatch)
        => spec.WarmupEpochs * (spec.Scaling == ScalingRule.Legew ? Growth(spec, globalBatch) : 1);

    /// <param name="rule">The scaling rule.</param>
    /// <param name="growth">k.</param>
    internal static double RateFactor(ScalingRule rule, double growth) => rule switch
    {
        ScalingRule.None or ScalingRule.AdaScale => 1,
        ScalingRule.Linear => growth,
        ScalingRule.Sqrt or ScalingRule.Legew => Math.Sqrt(growth),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a scaling rule."),
    };

    private static double Growth(LearningRateSpec spec, int globalBatch)
        => (double)globalBatch / spec.ReferenceBatch;
}
