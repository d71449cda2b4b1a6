using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// The axis that warm-up and schedule stand on. It is counted in steps of one batch, so that a batch that
/// changes on the way stretches no curve: an epoch always has the same length.
/// <list type="bullet">
/// <item>adascale: steps of the reference batch, and a step of the run moves on by its gain
/// (Johnson et al. 2020, algorithm 1: the schedule is asked at ⌊τ⌋);</item>
/// <item>otherwise: steps of the run's first batch. While the batch stays, places are the very steps.</item>
/// </list>
/// </summary>
internal sealed record RateTimeline
{
    private readonly bool _isScaleInvariant;

    /// <param name="spec">The job's rate.</param>
    /// <param name="globalBatch">The first epoch's batch.</param>
    /// <param name="trainingSamples">m.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    internal RateTimeline(LearningRateSpec spec, int globalBatch, int trainingSamples, int epochs)
    {
        _isScaleInvariant = spec.Scaling == ScalingRule.AdaScale;
        long unit = _isScaleInvariant ? spec.ReferenceBatch : globalBatch;
        StepsPerEpoch = (int)((trainingSamples + unit - 1) / unit);
        TotalSteps = (long)StepsPerEpoch * epochs;
    }

    internal int StepsPerEpoch { get; }

    internal long TotalSteps { get; }

    internal double PlaceOf(in RatePosition position)
        => _isScaleInvariant
            ? Math.Floor(position.ScaleInvariantSteps)
            : (double)position.Epoch * StepsPerEpoch
                + position.StepInEpoch * ((double)StepsPerEpoch / position.StepsInEpoch);
}
