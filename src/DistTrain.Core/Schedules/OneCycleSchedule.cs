using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>
/// One cycle (Smith and Topin 2018, "Super-convergence"), with the values of PyTorch's OneCycleLR, two phases
/// and cosine annealing: from η/InitialDivisor up to η over RiseFraction of the run, then down to
/// η/InitialDivisor/FinalDivisor at its last step. It is its own warm-up: it stands over the *whole run* and
/// WarmupEpochs has no part in it. Momentum is not cycled.
/// </summary>
internal sealed class OneCycleSchedule(ScheduleSpec spec, ScheduleFrame frame) : ISchedule
{
    private readonly double _first = frame.Peak / spec.InitialDivisor;
    private readonly double _last = frame.Peak / spec.InitialDivisor / spec.FinalDivisor;

    /// <summary>
    /// The peak's place, in steps; PyTorch's choice, and fractional in general. A run too short to rise only
    /// falls.
    /// </summary>
    private readonly double _peakAt = Math.Max(0, spec.RiseFraction * frame.TotalSteps - 1);

    public bool IsItsOwnWarmup => true;

    public double At(double step, PlateauState plateau)
    {
        double end = frame.TotalSteps - 1;
        double at = Math.Min(step, end);
        if (at < _peakAt)
            return Anneal(_first, frame.Peak, at / _peakAt);
        return end <= _peakAt ? frame.Peak : Anneal(frame.Peak, _last, (at - _peakAt) / (end - _peakAt));
    }

    private static double Anneal(double from, double to, double share)
        => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * share));
}
