namespace DistTrain.Core.Sharding;

/// <summary>A half-open range of shard indices, [<see cref="Start"/>, <see cref="End"/>).</summary>
/// <param name="Start">First shard.</param>
/// <param name="End">One past the last shard; equal to <see cref="Start"/> for an empty range.</param>
public readonly record struct ShardRange(int Start, int End)
{
    /// <summary>Number of shards.</summary>
    public int Count => End - Start;

    public bool IsEmpty => End <= Start;

    public bool Contains(int shard) => shard >= Start && shard < End;

    /// <summary>
    /// True when every shard of <paramref name="other"/> is one of these; an empty range always is.
    /// </summary>
    public bool Contains(ShardRange other) => other.IsEmpty || (other.Start >= Start && other.End <= End);

    public override string ToString() => $"[{Start}, {End})";
}
