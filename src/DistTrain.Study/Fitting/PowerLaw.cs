namespace DistTrain.Study.Fitting;

/// <summary>y = Factor · x^Exponent, by least squares in logarithms.</summary>
/// <param name="Factor">The value at x = 1.</param>
/// <param name="Exponent">With its interval by the scatter around the line; none for two points.</param>
/// <param name="Points">Points that went into it.</param>
public sealed record PowerLaw(double Factor, Estimate Exponent, int Points)
{
    public double At(double x) => Factor * Math.Pow(x, Exponent.Value);

    /// <summary>
    /// Null where fewer than two different x remain; points that are not positive and finite are left out.
    /// </summary>
    public static PowerLaw? Fit(IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] logs = [.. points
            .Where(p => p.X > 0 && p.Y > 0 && double.IsFinite(p.X) && double.IsFinite(p.Y))
            .Select(p => (Math.Log(p.X), Math.Log(p.Y)))];
        if (logs.Length < 2)
        {
            return null;
        }

        double meanX = logs.Average(p => p.X), meanY = logs.Average(p => p.Y);
        double spread = logs.Sum(p => (p.X - meanX) * (p.X - meanX));
        if (spread <= 1e-12)
        {
            return null;
        }

        double slope = logs.Sum(p => (p.X - meanX) * (p.Y - meanY)) / spread;
        double offset = meanY - slope * meanX;
        double rest = logs.Sum(p => Math.Pow(p.Y - offset - slope * p.X, 2));
        Interval? interval = logs.Length < 3 ? null
            : Interval.Around(slope, Math.Sqrt(rest / (logs.Length - 2) / spread), logs.Length - 2);
        return new PowerLaw(Math.Exp(offset), new Estimate(slope, interval), logs.Length);
    }
}
