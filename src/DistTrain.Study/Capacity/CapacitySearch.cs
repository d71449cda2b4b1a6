namespace DistTrain.Study.Capacity;

/// <summary>
/// Tries shards of 1, 2, 4, … samples until the next would not fit. It stops *before* memory runs out, for a
/// machine that swaps, or that ends processes to get memory back, harms more than this program: what the next
/// size needs is foretold from how the last ones grew.
/// <code>
///  need
///   │            ╱ foretold: what is there + twice the last growth
///   │        •
///   │    •          a batch's memory is linear in its size, so the growth doubles with it
///   │  • •
///   └─────────────
/// </code>
/// </summary>
/// <param name="probe">Tries a size.</param>
/// <param name="workers">All workers; each size is tried with one, and with all.</param>
/// <param name="largest">Largest shard to try.</param>
/// <param name="available">Bytes that are free now.</param>
/// <param name="onRow">Hears of every size, for a display.</param>
public sealed class CapacitySearch(
    IShardProbe probe, int workers, int largest, Func<long> available, Action<CapacityRow> onRow)
{
    /// <summary>Share of the free memory that is left alone.</summary>
    public const double Reserve = 0.1;

    /// <summary>Nobody trains with steps that take longer.</summary>
    public static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);

    private readonly List<CapacityRow> _rows = [];

    public async Task<CapacityReport> RunAsync(CancellationToken cancellation)
    {
        for (int shard = 1; shard <= largest; shard *= 2)
        {
            if (WhyNot(shard) is { } early)
            {
                return early;
            }

            ProbeResult one = await probe.MeasureAsync(shard, 1, cancellation);
            ProbeResult all = one is ProbeResult.Measured && workers > 1
                ? await probe.MeasureAsync(shard, workers, cancellation)
                : one;
            if (one is not ProbeResult.Measured single || all is not ProbeResult.Measured together)
            {
                string reason = ((one as ProbeResult.OutOfMemory) ?? (ProbeResult.OutOfMemory)all).Reason;
                return End(CapacityEnding.OutOfMemory,
                    $"with {shard} samples there was no memory left: {reason}");
            }

            var row = new CapacityRow(shard, single, together);
            _rows.Add(row);
            onRow(row);
            if (shard > int.MaxValue / 2)
            {
                break;
            }
        }

        return End(CapacityEnding.LargestAsked, $"{largest} samples were the largest size to try");
    }

    /// <summary>What the next row would need, from the last two; one alone may double at most.</summary>
    public static long Foretold(IReadOnlyList<long> peaks)
    {
        ArgumentNullException.ThrowIfNull(peaks);
        return peaks.Count switch
        {
            0 => 0,
            1 => 2 * peaks[0],
            _ => peaks[^1] + 2 * Math.Max(0, peaks[^1] - peaks[^2]),
        };
    }

    private CapacityReport? WhyNot(int shard)
    {
        if (_rows.Count == 0)
        {
            return null;
        }

        long needed = Math.Max(
            Foretold([.. _rows.Select(r => r.One.PeakBytes)]),
            Foretold([.. _rows.Select(r => r.All.PeakBytes)]));
        double free = (1 - Reserve) * available();
        if (needed > free)
        {
            return End(CapacityEnding.NextWouldNotFit,
                $"{shard} samples would need about {needed / 1e9:F1} GB, and {free / 1e9:F1} GB are free");
        }

        return 2 * _rows[^1].All.StepSeconds > LongestStep.TotalSeconds
            ? End(CapacityEnding.TooSlow,
                $"a step of {shard} samples would take over {LongestStep.TotalSeconds:0} s")
            : null;
    }

    private CapacityReport End(CapacityEnding ending, string reason)
        => new(workers, [.. _rows], ending, reason);
}
