namespace DistTrain.Core.Sharding;

/// <summary>
/// How a global batch is cut into shards: a function of the job alone, never of the cluster, so that the
/// arithmetic of a step does not depend on who computes it.
/// </summary>
public static class ShardPlan
{
    /// <summary>
    /// The samples of one shard as positions in the global batch: the balanced cut
    /// [⌊i·n/S⌋, ⌊(i+1)·n/S⌋). Sizes differ by one at most; a batch of fewer samples than shards (the short
    /// last one of an epoch) leaves some shards empty.
    /// </summary>
    /// <param name="shard">i, in [0, <paramref name="shards"/>).</param>
    /// <param name="shards">S, at least 1.</param>
    /// <param name="samples">n, samples in this global batch.</param>
    public static (int Start, int Count) SamplesOf(int shard, int shards, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
        int start = Cut(shard, shards, samples);
        return (start, Cut(shard + 1, shards, samples) - start);
    }

    /// <summary>How many samples the shards of a range have together.</summary>
    public static int SamplesOf(ShardRange range, int shards, int samples)
        => range.IsEmpty ? 0 : Cut(range.End, shards, samples) - Cut(range.Start, shards, samples);

    /// <summary>True when none of the range's shards holds a sample.</summary>
    public static bool HoldsNothing(ShardRange range, int shards, int samples)
        => range.IsEmpty || Cut(range.Start, shards, samples) == Cut(range.End, shards, samples);

    private static int Cut(int shard, int shards, int samples) => (int)((long)shard * samples / shards);
}
