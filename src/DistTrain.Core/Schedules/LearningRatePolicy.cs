using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// The learning rate of every step: scaling rule, then warm-up, then schedule. A pure function of the step
/// (and of what reduce-on-plateau remembers), so that it is the same after a resume.
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
/// </summary>
public sealed class LearningRatePolicy
{
    private readonly ISchedule _schedule;
    private readonly double _warmupStart;

    /// <param name="spec">The job's rate, scaling rule, warm-up and schedule.</param>
    /// <param name="globalBatch">B.</param>
    /// <param name="stepsPerEpoch">⌈training samples / B⌉.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    public LearningRatePolicy(LearningRateSpec spec, int globalBatch, int stepsPerEpoch, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(globalBatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerEpoch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        PeakRate = BatchScaling.RateFor(spec, globalBatch);
        _warmupStart = spec.WarmupStart ?? (PeakRate > spec.Base ? spec.Base : 0);

        long total = (long)stepsPerEpoch * epochs;
        double wanted = Math.Round(spec.WarmupEpochs * stepsPerEpoch, MidpointRounding.AwayFromZero);
        long warmup = (long)Math.Clamp(wanted, 0, total);
        ScheduleFrame frame = new(PeakRate, stepsPerEpoch, warmup, total);
        _schedule = ScheduleCatalogue.Create(spec.Schedule, frame);
        WarmupSteps = _schedule.IsItsOwnWarmup ? 0 : warmup;
    }

    /// <summary>η, after the scaling rule.</summary>
    public double PeakRate { get; }

    /// <summary>W: WarmupEpochs rounded to whole steps; 0 for a schedule that is its own warm-up.</summary>
    public long WarmupSteps { get; }

    /// <summary>The rate that step <paramref name="step"/> applies.</summary>
    /// <param name="step">Version of the weights the gradients were computed on, from 0.</param>
    /// <param name="plateau">The state after the last observed epoch.</param>
    public double At(long step, PlateauState plateau)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < WarmupSteps
            ? _warmupStart + (PeakRate - _warmupStart) * ((double)step / WarmupSteps)
            : _schedule.At(step, plateau);
    }
}
