using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination.Pace;

/// <summary>
/// Which speeds the shards are divided by, and whether another division is worth it. Pure functions.
/// </summary>
internal static class SpeedPolicy
{
    /// <summary>
    /// Steps between two looks at the division: what follows from a new one has to be measured first.
    /// </summary>
    public const int LookEverySteps = 4;

    /// <summary>
    /// A step must be predicted to take this much longer as divided than it could: below it, workers that are
    /// alike and merely jitter would be given other shards all the time.
    /// </summary>
    public const double WorthwhileGain = 1.1;

    /// <summary>
    /// What a worker says of its own speed, kept within limits in which ratios neither overflow nor vanish.
    /// </summary>
    public static double Sensible(double declared)
        => declared is >= 1e-6 and <= 1e12 ? declared : declared > 1e12 ? 1e12 : 0;

    /// <summary>
    /// Samples per second of each worker: its measured speed where there is one, else its declared speed,
    /// brought to the same unit by those for whom both are known.
    /// </summary>
    /// <param name="declared">Relative speeds, ≥ 0.</param>
    /// <param name="secondsPerSample">Measured; zero where not known.</param>
    public static double[] SpeedsOf(ReadOnlySpan<double> declared, ReadOnlySpan<double> secondsPerSample)
    {
        double logRatio = 0;
        int both = 0;
        for (int i = 0; i < declared.Length; i++)
        {
            if (secondsPerSample[i] > 0 && declared[i] > 0)
            {
                logRatio -= Math.Log(secondsPerSample[i] * declared[i]);
                both++;
            }
        }
        double unit = both > 0 ? Math.Exp(logRatio / both) : 1;
        double[] speeds = new double[declared.Length];
        for (int i = 0; i < speeds.Length; i++)
        {
            speeds[i] = secondsPerSample[i] > 0 ? 1 / secondsPerSample[i] : unit * declared[i];
        }
        return speeds;
    }

    /// <summary>
    /// The predicted time of a step in shards over speed: the longest of the workers' times.
    /// </summary>
    public static double Makespan(ReadOnlySpan<ShardRange> ranges, ReadOnlySpan<double> speeds)
    {
        double longest = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            longest = ranges[i].IsEmpty ? longest : Math.Max(longest, ranges[i].Count / speeds[i]);
        }
        return longest;
    }

    /// <summary>Whether a step would be shorter by more than jitter explains.</summary>
    public static bool IsWorthwhile(
        ReadOnlySpan<ShardRange> present, ReadOnlySpan<ShardRange> better, ReadOnlySpan<double> speeds)
        => Makespan(present, speeds) > WorthwhileGain * Makespan(better, speeds);
}
