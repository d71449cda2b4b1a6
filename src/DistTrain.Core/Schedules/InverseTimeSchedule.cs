using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// η/(1 + αt), t in epochs *from the end of warm-up*, so that the curve leaves from η; a little less with
/// every step (Robbins and Monro 1951: the sum of the rates diverges, that of their squares does not).
/// </summary>
internal sealed class InverseTimeSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau)
        => frame.Peak / (1 + spec.Alpha * frame.EpochsAfterWarmup(step));
}
