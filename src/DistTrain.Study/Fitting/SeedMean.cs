namespace DistTrain.Study.Fitting;

/// <summary>The mean of one value per seed, and how far it may be off.</summary>
/// <param name="Mean">Arithmetic.</param>
/// <param name="StandardError">Sample deviation over √n; null for one seed, which says nothing of
/// scatter.</param>
/// <param name="Count">Seeds.</param>
public sealed record SeedMean(double Mean, double? StandardError, int Count)
{
    /// <summary>95 %, by Student's t; null for one seed.</summary>
    public Interval? Interval
        => StandardError is { } error ? Fitting.Interval.Around(Mean, error, Count - 1) : null;

    /// <summary>Null where no value is finite: values that are not are left out.</summary>
    public static SeedMean? Of(IEnumerable<double?> values)
    {
        double[] finite = [.. values.Where(v => v is { } x && double.IsFinite(x)).Select(v => v!.Value)];
        if (finite.Length == 0)
        {
            return null;
        }

        double mean = finite.Average();
        double? error = finite.Length < 2 ? null
            : Math.Sqrt(finite.Sum(v => (v - mean) * (v - mean)) / (finite.Length - 1) / finite.Length);
        return new SeedMean(mean, error, finite.Length);
    }

    /// <summary>
    /// This mean less another's, by Welch's method: neither the scatter nor the number of seeds need be
    /// equal. Without an interval where either has one seed.
    /// </summary>
    public Estimate Less(SeedMean other)
    {
        double difference = Mean - other.Mean;
        if (StandardError is not { } mine || other.StandardError is not { } theirs)
        {
            return new Estimate(difference, null);
        }

        double a = mine * mine, b = theirs * theirs, both = a + b;
        double degrees = both == 0
            ? Count + other.Count - 2
            : both * both / (a * a / (Count - 1) + b * b / (other.Count - 1));
        return new Estimate(difference, Fitting.Interval.Around(difference, Math.Sqrt(both), degrees));
    }
}
