namespace DistTrain.Core.Schedules;

/// <summary>
/// One curve of the learning rate: all there is to write for a new one. A pure function, so that a resumed
/// run has nothing to restore but the step.
/// </summary>
internal interface ISchedule
{
    /// <summary>True for a curve that is its own warm-up: it stands over the whole run from step 0.</summary>
    bool IsItsOwnWarmup => false;

    /// <summary>The rate of a step; asked only for steps from the end of warm-up on.</summary>
    /// <param name="step">
    /// Counted from the start of training, in the timeline's steps: fractions occur where the batch changes.
    /// </param>
    /// <param name="plateau">What reduce-on-plateau remembers; others ignore it.</param>
    double At(double step, PlateauState plateau);
}
