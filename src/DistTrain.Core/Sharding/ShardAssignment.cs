namespace DistTrain.Core.Sharding;

/// <summary>
/// Which worker computes which shards. Any assignment gives the same bits; a good one lets all workers finish
/// together. Ranges are contiguous, so that a worker's shards form few subtrees and little has to be sent.
/// </summary>
public static class ShardAssignment
{
    /// <summary>
    /// Cuts the shards into one contiguous range per worker, in the workers' order, so that the longest of
    /// their times, shards over speed, is as short as can be; ties go to the earlier worker. (It is the
    /// apportionment of D'Hondt: giving each shard to whoever would be done with it first is optimal, for
    /// shards are alike.) Every shard is given exactly once. With more workers than shards, or a speed far
    /// below the others', a range is empty.
    /// </summary>
    /// <param name="shards">S, at least 1.</param>
    /// <param name="speeds">
    /// Samples per second, or anything proportional to it: finite and not negative. All zeros count as all
    /// equal.
    /// </param>
    public static ShardRange[] Assign(int shards, ReadOnlySpan<double> speeds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        double[] shares = SharesOf(speeds);
        int[] counts = LeastMakespan(shards, shares);
        ShardRange[] ranges = new ShardRange[counts.Length];
        int start = 0;
        for (int worker = 0; worker < ranges.Length; worker++)
        {
            ranges[worker] = new ShardRange(start, start + counts[worker]);
            start += counts[worker];
        }
        return ranges;
    }

    /// <summary>Speeds over their sum; scaled by the fastest first, so that no sum overflows.</summary>
    private static double[] SharesOf(ReadOnlySpan<double> speeds)
    {
        if (speeds.IsEmpty)
            throw new ArgumentException("There is no worker to give shards to.", nameof(speeds));
        double fastest = 0;
        foreach (double speed in speeds)
        {
            if (!double.IsFinite(speed) || speed < 0)
                throw new ArgumentException($"A speed of {speed} is no finite number ≥ 0.", nameof(speeds));
            fastest = Math.Max(fastest, speed);
        }
        double[] shares = new double[speeds.Length];
        double sum = 0;
        for (int worker = 0; worker < shares.Length; worker++)
        {
            shares[worker] = fastest > 0 ? speeds[worker] / fastest : 1;
            sum += shares[worker];
        }
        for (int worker = 0; worker < shares.Length; worker++)
            shares[worker] /= sum;
        return shares;
    }

    /// <summary>
    /// Everyone gets the whole part of its quota, which the best division never goes below; each shard that
    /// is left goes to whoever would be done with it first.
    /// </summary>
    private static int[] LeastMakespan(int shards, double[] shares)
    {
        int[] counts = new int[shares.Length];
        int left = shards;
        for (int worker = 0; worker < shares.Length; worker++)
        {
            counts[worker] = Math.Min((int)(shards * shares[worker]), left);
            left -= counts[worker];
        }
        for (; left > 0; left--)
            counts[FirstToFinish(counts, shares)]++;
        return counts;
    }

    private static int FirstToFinish(int[] counts, double[] shares)
    {
        int first = 0;
        for (int worker = 1; worker < counts.Length; worker++)
        {
            if ((counts[worker] + 1) / shares[worker] < (counts[first] + 1) / shares[first])
                first = worker;
        }
        return first;
    }
}
