using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// A range test (Smith 2017, "Cyclical learning rates for training neural networks", section 3.3), with equal
/// *factors* from step to step as is common since: From·(To/From)^(t/(Steps − 1)), so that the first step has
/// From and step Steps − 1 has To. It sets the rate itself: base, scaling rule and warm-up have no part in
/// it; nor has the length of the run, which a sweep rarely comes to the end of.
/// </summary>
internal sealed class SweepSchedule(ScheduleSpec spec) : ISchedule
{
    public bool IsItsOwnWarmup => true;

    public double At(double step, PlateauState plateau)
    {
        double last = spec.Steps - 1;
        return spec.From * Math.Pow(spec.To / spec.From, Math.Min(step, last) / last);
    }
}
