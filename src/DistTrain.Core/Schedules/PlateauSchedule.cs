namespace DistTrain.Core.Schedules;

/// <summary>
/// η times the reductions so far (<see cref="PlateauPolicy"/>). Epochs are observed from the *start of
/// training*; a reduction that falls into warm-up takes effect when warm-up ends.
/// </summary>
internal sealed class PlateauSchedule(ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau) => frame.Peak * plateau.Factor;
}
