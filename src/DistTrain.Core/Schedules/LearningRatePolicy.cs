using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// The learning rate of every step: scaling rule, then warm-up, then schedule. A pure function of the step's
/// position (and of what reduce-on-plateau remembers), so that it is the same after a resume.
/// <code>
///  η  ┤      ╭──╮
///     │    ╱      ╲        warm-up: start + (η − start)·step/W for step = 0 … W − 1
///     │  ╱          ╲      schedule: from step W, which has η itself, to the end
///  η₀ ┤╱              ╲
///     └──────┬──────────
///     0      W         T
/// </code>
/// Warm-up is gradual and per step (Goyal et al. 2017, section 2.2): step 0 has the start, W steps later η is
/// reached, as in PyTorch's LinearLR. Its start is η₀ when the scaling rule raises the rate, and 0 otherwise:
/// the first step then moves nothing, as with most published warm-ups from zero.
/// <para>
/// Steps are those of the <see cref="RateTimeline"/>. With a batch that changes on the way they are the first
/// batch's: curves keep their places in epochs. With adascale they are the reference batch's, and the curve's
/// value is multiplied by the step's gain.
/// </para>
/// </summary>
public sealed class LearningRatePolicy
{
    private readonly LearningRateSpec _spec;
    private readonly int _firstBatch;
    private readonly bool _rescale;
    private readonly RateTimeline _timeline;
    private readonly long _warmup;
    private readonly RateCurve _first;

    /// <param name="spec">The job's rate, scaling rule, warm-up and schedule.</param>
    /// <param name="globalBatch">B of the first epoch.</param>
    /// <param name="trainingSamples">m.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    /// <param name="rescale">
    /// Whether the scaling rule follows the batch of the hour; otherwise η stays the first batch's. Warm-up's
    /// length is the first batch's in either case.
    /// </param>
    public LearningRatePolicy(
        LearningRateSpec spec, int globalBatch, int trainingSamples, int epochs, bool rescale = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(globalBatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trainingSamples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        (_spec, _firstBatch, _rescale) = (spec, globalBatch, rescale);
        _timeline = new RateTimeline(spec, globalBatch, trainingSamples, epochs);
        double wanted = BatchScaling.WarmupEpochsFor(spec, globalBatch) * _timeline.StepsPerEpoch;
        _warmup = (long)Math.Clamp(
            Math.Round(wanted, MidpointRounding.AwayFromZero), 0, _timeline.TotalSteps);
        _first = new RateCurve(spec, globalBatch, _warmup, _timeline);
    }

    /// <summary>η of the first batch, after the scaling rule; adascale: before the gain.</summary>
    public double PeakRate => _first.Peak;

    /// <summary>W: warm-up rounded to whole steps; 0 for a schedule that is its own warm-up.</summary>
    public long WarmupSteps => _first.WarmupSteps;

    /// <summary>
    /// T, steps of the timeline. Under adascale the run is over when τ has reached it: ⌈m/B_ref⌉ an epoch.
    /// </summary>
    public long TotalSteps => _timeline.TotalSteps;

    /// <summary>
    /// What a step is worth in steps of the reference batch, by which τ moves on: AdaScale's gain under that
    /// rule, 1 under every other.
    /// </summary>
    /// <param name="noise">What the steps so far have shown of the gradient's noise.</param>
    /// <param name="globalBatch">The epoch's batch.</param>
    public double GainOf(NoiseScaleState noise, int globalBatch)
        => _spec.Scaling == ScalingRule.AdaScale
            ? AdaScaleGain.Of(noise, _spec.ReferenceBatch, globalBatch) : 1;

    /// <summary>The rate that a step applies.</summary>
    /// <param name="position">Where the step stands.</param>
    /// <param name="plateau">The state after the last observed epoch.</param>
    public double At(in RatePosition position, PlateauState plateau)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position.StepInEpoch, nameof(position));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(position.StepsInEpoch, nameof(position));
        return position.Gain * CurveOf(position.GlobalBatch).At(_timeline.PlaceOf(position), plateau);
    }

    private RateCurve CurveOf(int globalBatch)
        => !_rescale || globalBatch == _firstBatch
            ? _first : new RateCurve(_spec, globalBatch, _warmup, _timeline);
}
