using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// η_min + (η − η_min)·(1 + cos πu)/2, u the share of the steps *after warm-up* that is behind (Loshchilov
/// and Hutter 2017, "SGDR", formula 5, one cycle without restarts): PyTorch's CosineAnnealingLR with T_max
/// those steps.
/// </summary>
internal sealed class CosineSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    public double At(double step, PlateauState plateau)
    {
        double left = (1 + Math.Cos(Math.PI * frame.ShareAfterWarmup(step))) / 2;
        return spec.MinimumRate + (frame.Peak - spec.MinimumRate) * left;
    }
}
