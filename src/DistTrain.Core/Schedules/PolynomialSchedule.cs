using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// η_min + (η − η_min)·(1 − u)ᵖ, u the share of the steps *after warm-up* that is behind: PyTorch's
/// PolynomialLR over those steps when η_min is 0. Power 1 is linear decay.
/// </summary>
internal sealed class PolynomialSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau)
    {
        double left = Math.Pow(1 - frame.ShareAfterWarmup(step), spec.Power);
        return spec.MinimumRate + (frame.Peak - spec.MinimumRate) * left;
    }
}
