using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// Warm-up and schedule for one batch: a rate for every place of the timeline.
/// </summary>
internal sealed class RateCurve
{
    private readonly ISchedule _schedule;
    private readonly double _warmupStart;

    /// <param name="spec">The job's rate.</param>
    /// <param name="globalBatch">The batch whose rate the scaling rule gives.</param>
    /// <param name="warmupSteps">Length of the warm-up on the timeline.</param>
    /// <param name="timeline">What places are counted in.</param>
    internal RateCurve(LearningRateSpec spec, int globalBatch, long warmupSteps, RateTimeline timeline)
    {
        Peak = BatchScaling.RateFor(spec, globalBatch);
        _warmupStart = spec.WarmupStart ?? (Peak > spec.Base ? spec.Base : 0);
        ScheduleFrame frame = new(Peak, timeline.StepsPerEpoch, warmupSteps, timeline.TotalSteps);
        _schedule = ScheduleCatalogue.Create(spec.Schedule, frame);
        WarmupSteps = _schedule.IsItsOwnWarmup ? 0 : warmupSteps;
    }

    internal double Peak { get; }

    internal long WarmupSteps { get; }

    internal double At(double place, PlateauState plateau)
        => place < WarmupSteps
            ? _warmupStart + (Peak - _warmupStart) * (place / WarmupSteps)
            : _schedule.At(place, plateau);
}
