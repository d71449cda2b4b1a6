using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// A range test (Smith 2017, "Cyclical learning rates for training neural networks", section 3.3), with equal
/// *factors* from step to step as is common since: From·(To/From)^(t/(T − 1)), so that the first step has
/// From and the last has To. It sets the rate itself: base, scaling rule and warm-up have no part in it.
/// </summary>
internal sealed class SweepSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    public bool IsItsOwnWarmup => true;

    public double At(long step, PlateauState plateau)
    {
        if (frame.TotalSteps < 2)
            return spec.From;
        double share = (double)Math.Min(step, frame.TotalSteps - 1) / (frame.TotalSteps - 1);
        return spec.From * Math.Pow(spec.To / spec.From, share);
    }
}
