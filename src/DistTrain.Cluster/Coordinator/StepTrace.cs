using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// The steps of the attempt under way, in memory and evenly thinned, for curves: the metrics file lags behind
/// and grows long. Written from the run's mailbox, read from anywhere.
/// </summary>
internal sealed class StepTrace
{
    /// <summary>About 2 MiB of steps; twice the points that come unasked, for they halve.</summary>
    internal const int Most = 20_000;

    private readonly Lock _gate = new();
    private List<StepMetrics> _kept = [];
    private long _stride = 1;
    private long _count;
    private StepMetrics? _last;

    /// <summary>Oldest first, with the last one.</summary>
    public IReadOnlyList<StepMetrics> Steps
    {
        get
        {
            lock (_gate)
            {
                return _last is null || ReferenceEquals(_last, _kept[^1]) ? [.. _kept] : [.. _kept, _last];
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            (_kept, _stride, _count, _last) = ([], 1, 0, null);
        }
    }

    public void Add(StepMetrics step)
    {
        lock (_gate)
        {
            _last = step;
            if (_count++ % _stride != 0)
            {
                return;
            }

            _kept.Add(step);
            if (_kept.Count > Most)
            {
                // Full: every second one goes, and from now on so does every second one that comes.
                _kept = [.. _kept.Where((_, index) => index % 2 == 0)];
                _stride *= 2;
            }
        }
    }

    /// <summary>At most so many of a list, evenly chosen, the first and the last among them.</summary>
    public static IReadOnlyList<StepMetrics> Thin(IReadOnlyList<StepMetrics> steps, int points)
    {
        if (steps.Count <= points)
        {
            return steps;
        }

        var thin = new StepMetrics[points];
        for (int i = 0; i < points; i++)
        {
            thin[i] = steps[(int)((long)i * (steps.Count - 1) / (points - 1))];
        }

        return thin;
    }
}
