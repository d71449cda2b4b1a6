using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// η·γᵏ, k the decays so far: one every N epochs, or one at each milestone. Epochs count from the *start of
/// training*, as in Goyal et al. 2017 ("at the 30-th, 60-th, and 80-th epoch", five epochs of warm-up
/// included); a decay that falls into warm-up takes effect when warm-up ends.
/// </summary>
internal sealed class StepSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    /// <summary>Steps by which a boundary may be missed through rounding: far below one.</summary>
    private const double Rounding = 1e-6;

    public double At(double step, PlateauState plateau) => frame.Peak * Math.Pow(spec.Gamma, DecaysBy(step));

    private long DecaysBy(double step)
        => spec.Milestones is { } milestones
            ? milestones.Count(milestone => step + Rounding >= milestone * frame.StepsPerEpoch)
            : (long)Math.Floor((step + Rounding) / (spec.EveryEpochs * frame.StepsPerEpoch));
}
