using System.Globalization;

namespace DistTrain.Compare.Reporting;

/// <summary>Median and range of a few measurements.</summary>
internal readonly record struct Spread(double Median, double Lowest, double Highest)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    /// <summary>As "1.52 (1.43 – 1.60)"; the median alone where there is only one.</summary>
    public override string ToString() => Lowest == Highest
        ? string.Create(CultureInfo.InvariantCulture, $"{Median:F2}")
        : string.Create(CultureInfo.InvariantCulture, $"{Median:F2} ({Lowest:F2} – {Highest:F2})");
}

/// <summary>A mean, and where 95 of 100 resamples of the measurements have theirs.</summary>
internal readonly record struct Interval(double Mean, double Lower, double Upper)
{
    private const int Resamples = 10_000;

    /// <summary>
    /// The percentile bootstrap: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section
    /// 13.3. The same measurements give the same interval.
    /// </summary>
    public static Interval OfMean(IReadOnlyList<double> values)
    {
        var random = new Random(1);
        double[] means = [.. Enumerable.Range(0, Resamples).Select(
            _ => values.Average(_ => values[random.Next(values.Count)]))];
        Array.Sort(means);
        return new Interval(
            values.Average(), means[(int)(Resamples * 0.025)], means[(int)(Resamples * 0.975)]);
    }
}
