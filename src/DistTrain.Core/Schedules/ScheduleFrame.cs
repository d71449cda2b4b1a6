namespace DistTrain.Core.Schedules;

/// <summary>The run as a schedule sees it.</summary>
/// <param name="Peak">η: the rate after scaling, which warm-up leads to.</param>
/// <param name="StepsPerEpoch">The timeline's steps in an epoch: <see cref="RateTimeline"/>.</param>
/// <param name="WarmupSteps">Steps before the schedule takes over.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
internal sealed record ScheduleFrame(double Peak, int StepsPerEpoch, long WarmupSteps, long TotalSteps)
{
    /// <summary>Epochs, with fractions, from the start of training.</summary>
    internal double EpochsFromStart(double step) => step / StepsPerEpoch;

    /// <summary>Epochs, with fractions, from the end of warm-up.</summary>
    internal double EpochsAfterWarmup(double step) => (step - WarmupSteps) / StepsPerEpoch;

    /// <summary>
    /// How much of the run after warm-up is behind: 0 at its first step, 1 at the step that would follow the
    /// last.
    /// </summary>
    internal double ShareAfterWarmup(double step)
        => TotalSteps <= WarmupSteps
            ? 1
            : Math.Clamp((step - WarmupSteps) / (TotalSteps - WarmupSteps), 0, 1);
}
