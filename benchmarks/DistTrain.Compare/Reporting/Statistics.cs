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
