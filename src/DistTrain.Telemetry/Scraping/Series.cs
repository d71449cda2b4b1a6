namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// The state of one series: written by whoever measures, read by a scrape meanwhile, without a lock.
/// </summary>
internal abstract class Series
{
    public abstract void Record(double value);
}

/// <summary>A sum of increments.</summary>
internal sealed class SumSeries : Series
{
    private double _sum;

    public double Sum => Volatile.Read(ref _sum);

    public override void Record(double value) => Add(ref _sum, value);

    /// <summary>Adds as if at once: tries again where another thread came in between.</summary>
    public static void Add(ref double target, double value)
    {
        double seen = Volatile.Read(ref target);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref target, seen + value, seen);
            if (before.Equals(seen))
            {
                return;
            }
            seen = before;
        }
    }
}

/// <summary>The last value.</summary>
internal sealed class LastSeries : Series
{
    private double _last;

    public double Last => Volatile.Read(ref _last);

    public override void Record(double value) => Volatile.Write(ref _last, value);
}

/// <summary>
/// Counts by bucket. A scrape in between two measurements may see the sum of one more than its count.
/// </summary>
/// <param name="bounds">Upper bounds, ascending; one more bucket takes what is above the last.</param>
internal sealed class HistogramSeries(IReadOnlyList<double> bounds) : Series
{
    private readonly double[] _bounds = [.. bounds];
    private readonly long[] _counts = new long[bounds.Count + 1];
    private double _sum;

    public IReadOnlyList<double> Bounds => _bounds;

    public double Sum => Volatile.Read(ref _sum);

    public override void Record(double value)
    {
        int bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
        {
            bucket++;
        }
        Interlocked.Increment(ref _counts[bucket]);
        SumSeries.Add(ref _sum, value);
    }

    /// <summary>Counts of each bucket alone, that above the last bound included.</summary>
    public long[] Counts()
    {
        var counts = new long[_counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }
        return counts;
    }
}
