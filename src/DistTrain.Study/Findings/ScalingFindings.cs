using DistTrain.Study.Fitting;

namespace DistTrain.Study.Findings;

/// <summary>One number of workers beside the smallest.</summary>
/// <param name="Workers">At work.</param>
/// <param name="Seconds">Training time: to the target, or of the whole run.</param>
/// <param name="Speedup">Time of the smallest number of workers over this time.</param>
/// <param name="Efficiency">Speed-up over the growth in workers; 1 is perfect.</param>
public sealed record ScalingPoint(int Workers, SeedMean Seconds, double Speedup, double Efficiency);

/// <summary>Time against workers for one setting; the batch stays the same (strong scaling).</summary>
/// <param name="Setting">Run with two or more numbers of workers.</param>
/// <param name="ToTarget">Time to the target; false: of the whole run, since the target was not
/// reached.</param>
/// <param name="Points">By workers.</param>
public sealed record ScalingFindings(Setting Setting, bool ToTarget, IReadOnlyList<ScalingPoint> Points)
{
    /// <summary>Efficiency below which more workers cost more than they bring, as people commonly put
    /// it.</summary>
    public const double FairEfficiency = 0.7;

    internal static IReadOnlyList<ScalingFindings> Of(IReadOnlyList<Outcome> outcomes)
        => [.. outcomes.Where(o => o.Timings.Count(t => t.Seconds is { Mean: > 0 }) > 1).Select(Of)];

    private static ScalingFindings Of(Outcome outcome)
    {
        bool toTarget = outcome.ReachesTarget
            && outcome.Timings.All(t => t.SecondsToTarget is { Mean: > 0 });
        (int Workers, SeedMean Seconds)[] times = [.. outcome.Timings
            .Select(t => (t.Workers, Seconds: toTarget ? t.SecondsToTarget : t.Seconds))
            .Where(t => t.Seconds is { Mean: > 0 }).Select(t => (t.Workers, t.Seconds!))];
        (int fewest, SeedMean slowest) = times[0];
        return new ScalingFindings(outcome.Setting, toTarget, [.. times.Select(t => new ScalingPoint(
            t.Workers, t.Seconds, slowest.Mean / t.Seconds.Mean,
            slowest.Mean / t.Seconds.Mean * fewest / t.Workers))]);
    }
}
