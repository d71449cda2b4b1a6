namespace DistTrain.Study.Sweeps;

/// <summary>
/// Reads suggestions off a sweep (Smith 2017, section 3.3; the two rules of thumb in use since). They are
/// starting points, and only where the curve falls by more than its own noise are there any.
/// </summary>
public static class SweepReader
{
    /// <summary>With fewer points a slope is a guess.</summary>
    public const int FewestPoints = 10;

    /// <summary>A fall of less than this share of the first loss says nothing.</summary>
    private const double LeastFall = 0.02;

    private const double DividedMinimum = 10;

    /// <param name="points">In order; after a blow-up the last one is the step that did it.</param>
    /// <param name="hasBlownUp">Whether it ended so.</param>
    /// <param name="steps">Steps the sweep was to have.</param>
    public static SweepReading Read(IReadOnlyList<SweepPoint> points, bool hasBlownUp, int steps)
    {
        ArgumentNullException.ThrowIfNull(points);
        double? blewUpAt = hasBlownUp ? points[^1].Rate : null;
        List<SweepPoint> finite = [.. points.Where(p => double.IsFinite(p.Loss))];
        if (finite.Count < FewestPoints)
        {
            return new SweepReading(finite, finite, blewUpAt, null, null, hasBlownUp
                ? $"the loss blew up after {points.Count} steps, at a rate of {points[^1].Rate:G3}; "
                    + "begin lower with --from"
                : $"{finite.Count} steps are too few to read a slope off; give more with --steps");
        }

        double beta = LossSmoothing.BetaFor(steps);
        double[] curve = LossSmoothing.Centred(Bounded(finite), beta);
        SweepPoint[] smooth = [.. finite.Select((p, i) => p with { Loss = curve[i] })];
        int lowest = Array.IndexOf(curve, curve.Min());
        var none = new SweepReading(finite, smooth, blewUpAt, null, null, null);
        if (WhyNothing(finite, curve, lowest, beta, hasBlownUp) is { } why)
        {
            return none with { WhyNone = why };
        }

        int steepest = SteepestFall(smooth, lowest);
        bool cutShort = !hasBlownUp && lowest >= finite.Count - 1 - finite.Count / 20;
        return none with
        {
            Steepest = new RateSuggestion(smooth[steepest].Rate, curve[steepest],
                "the loss falls fastest here: a good peak for a schedule with warm-up or one cycle; a "
                + "constant rate may have to be lower"),
            TenthOfMinimum = new RateSuggestion(
                smooth[lowest].Rate / DividedMinimum, curve[lowest], cutShort
                ? "the loss was still falling at the sweep's end, so the true minimum lies higher; go on "
                    + "with --to"
                : "a tenth of the rate with the lowest loss: cautious, for at the minimum itself training "
                    + "is about to turn unstable"),
        };
    }

    /// <summary>One exploding loss must not drown the curve before it.</summary>
    private static double[] Bounded(List<SweepPoint> points)
    {
        double bound = BlowUp.Factor * Math.Max(points[0].Loss, points.Min(p => p.Loss));
        return [.. points.Select(p => bound > 0 ? Math.Min(p.Loss, bound) : p.Loss)];
    }

    private static string? WhyNothing(
        List<SweepPoint> points, double[] curve, int lowest, double beta, bool hasBlownUp)
    {
        double fall = curve[..(lowest + 1)].Max() - curve[lowest];
        double seen = 4 * Noise(points) * Math.Sqrt(1 - beta);
        if (fall > Math.Max(LeastFall * Math.Abs(curve[0]), seen))
        {
            return null;
        }

        bool rises = curve[^1] - curve[0] > Math.Max(LeastFall * Math.Abs(curve[0]), seen);
        return rises || hasBlownUp
            ? "the loss only rises: every rate tried is too high, or the model does not learn from this "
                + "data; begin lower with --from"
            : "the loss is flat: no rate tried moves it by more than its noise; try higher ones with --to, "
                + "or more steps with --steps";
    }

    /// <summary>
    /// Deviation of single losses, from the median difference of neighbours: robust against the curve's own
    /// course (for a normal distribution that median is 0.954 σ).
    /// </summary>
    private static double Noise(List<SweepPoint> points)
    {
        double[] differences =
            [.. points.Skip(1).Zip(points, (next, last) => Math.Abs(next.Loss - last.Loss)).Order()];
        return differences[differences.Length / 2] / 0.954;
    }

    /// <summary>The index, up to the minimum, with the most negative slope over the logarithm.</summary>
    private static int SteepestFall(SweepPoint[] curve, int lowest)
    {
        int reach = Math.Max(2, curve.Length / 25);
        (int Index, double Slope) steepest = (lowest, 0);
        for (int i = 0; i <= lowest; i++)
        {
            (SweepPoint a, SweepPoint b) =
                (curve[Math.Max(0, i - reach)], curve[Math.Min(curve.Length - 1, i + reach)]);
            double slope = (b.Loss - a.Loss) / Math.Log(b.Rate / a.Rate);
            if (slope < steepest.Slope)
            {
                steepest = (i, slope);
            }
        }

        return steepest.Index;
    }
}
