using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// What the learning rate becomes when the batch grows: linear, η₀·B/B_ref (Goyal et al. 2017, section 2.1),
/// or by the square root, η₀·√(B/B_ref) (Krizhevsky 2014; the rule for Adam-like optimizers: Malladi et al.
/// 2022). Weight decay is never scaled.
/// </summary>
internal static class BatchScaling
{
    internal static double RateFor(LearningRateSpec spec, int globalBatch)
    {
        double ratio = (double)globalBatch / spec.ReferenceBatch;
        return spec.Scaling switch
        {
            ScalingRule.None => spec.Base,
            ScalingRule.Linear => spec.Base * ratio,
            ScalingRule.Sqrt => spec.Base * Math.Sqrt(ratio),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Scaling, "Not a scaling rule."),
        };
    }
}
