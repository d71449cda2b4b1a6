namespace DistTrain.Core.Schedules;

/// <summary>η throughout.</summary>
internal sealed class ConstantSchedule(ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau) => frame.Peak;
}
