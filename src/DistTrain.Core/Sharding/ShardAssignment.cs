namespace DistTrain.Core.Sharding;

/// <summary>
/// Which worker computes which shards. Any assignment gives the same bits; a good one lets all workers finish
/// together. Ranges are contiguous, so that a worker's shards form few subtrees and little has to be sent.
/// </summary>
public static class ShardAssignment
{
    /// <summary>
    /// Cuts the shards into one contiguous range per worker, in the workers' order, proportional to their
    /// speeds by the method of the largest remainder (Hamilton); ties go to the earlier worker. Every shard
    /// is given exactly once. With more workers than shards, or a speed far below the others', a range is
    /// empty.
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
        int[] counts = LargestRemainder(shards, shares);
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

    private static int[] LargestRemainder(int shards, double[] shares)
    {
        int[] counts = new int[shares.Length];
        double[] remainders = new double[shares.Length];
        int left = shards;
        for (int worker = 0; worker < shares.Length; worker++)
        {
            double quota = shards * shares[worker];
            counts[worker] = Math.Min((int)quota, left);
            remainders[worker] = quota - counts[worker];
            left -= counts[worker];
        }
        // The sort is stable, so equal remainders keep the workers' order. Less is left than workers.
        IEnumerable<int> workers = Enumerable.Range(0, counts.Length);
        foreach (int worker in workers.OrderByDescending(worker => remainders[worker]).Take(left))
            counts[worker]++;
        return counts;
    }
}
