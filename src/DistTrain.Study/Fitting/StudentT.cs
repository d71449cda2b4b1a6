namespace DistTrain.Study.Fitting;

/// <summary>
/// How many standard errors a 95 % interval reaches to either side of a mean of few values: Student's t.
/// </summary>
internal static class StudentT
{
    // The 0.975 quantile for 1 to 10 degrees of freedom, where the expansion below is not exact enough.
    private static readonly double[] Few =
        [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281];

    private const double Normal = 1.959964;

    /// <summary>The 0.975 quantile.</summary>
    /// <param name="degrees">Degrees of freedom, at least 1; need not be whole.</param>
    public static double Quantile(double degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (degrees >= Few.Length)
        {
            return Expansion(degrees);
        }

        int below = (int)degrees;
        double upper = Few[below];

        // Linear in 1/ν, which the quantile very nearly is.
        double share = (1.0 / below - 1 / degrees) / (1.0 / below - 1.0 / (below + 1));
        return Few[below - 1] + share * (upper - Few[below - 1]);
    }

    /// <summary>Cornish–Fisher expansion around the normal quantile; Abramowitz and Stegun 26.7.5.</summary>
    private static double Expansion(double degrees)
    {
        const double z = Normal, cube = z * z * z;
        return z + (cube + z) / (4 * degrees)
            + (5 * cube * z * z + 16 * cube + 3 * z) / (96 * degrees * degrees);
    }
}
