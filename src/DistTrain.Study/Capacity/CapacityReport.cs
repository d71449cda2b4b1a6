namespace DistTrain.Study.Capacity;

/// <summary>One shard size.</summary>
/// <param name="Shard">Samples of one forward and backward pass.</param>
/// <param name="One">One worker alone.</param>
/// <param name="All">All workers at once; the same as <paramref name="One"/> where there is one.</param>
public sealed record CapacityRow(int Shard, ProbeResult.Measured One, ProbeResult.Measured All);

/// <summary>Why the table ends.</summary>
public enum CapacityEnding
{
    /// <summary>The largest size that was asked for.</summary>
    LargestAsked,

    /// <summary>The next size would not have fitted the memory there is, and was not tried.</summary>
    NextWouldNotFit,

    /// <summary>The engine found no memory for the next size.</summary>
    OutOfMemory,

    /// <summary>The next size would have taken longer than anybody waits.</summary>
    TooSlow,
}

/// <summary>What fits a device, and how fast it is.</summary>
/// <param name="Workers">All workers.</param>
/// <param name="Rows">Ascending by shard.</param>
/// <param name="Ending">Why there are no more.</param>
/// <param name="Reason">The same for people.</param>
public sealed record CapacityReport(
    int Workers, IReadOnlyList<CapacityRow> Rows, CapacityEnding Ending, string Reason)
{
    /// <summary>A doubling that brings less than this share more throughput is not worth it.</summary>
    public const double LeastGain = 0.1;

    /// <summary>
    /// The first row whose doubling brings less than 10 % for all workers together; null: throughput was
    /// still growing when the table ended.
    /// </summary>
    public CapacityRow? Knee => Rows.Zip(Rows.Skip(1))
        .Where(pair => pair.Second.All.SamplesPerSecond
            < (1 + LeastGain) * pair.First.All.SamplesPerSecond)
        .Select(pair => pair.First).FirstOrDefault();
}
