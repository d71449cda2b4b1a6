using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// η·γᵗ, t in epochs *from the end of warm-up*, so that the curve leaves from η. It falls a little with every
/// step; at whole epochs it has the values of PyTorch's ExponentialLR.
/// </summary>
internal sealed class ExponentialSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau)
        => frame.Peak * Math.Pow(spec.Gamma, frame.EpochsAfterWarmup(step));
}
