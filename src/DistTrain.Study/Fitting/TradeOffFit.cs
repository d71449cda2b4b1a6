namespace DistTrain.Study.Fitting;

/// <summary>
/// Fits a <see cref="TradeOff"/> by least squares in the logarithm of the steps. For a given critical batch
/// the best S_min is a mean, so only one number is searched for, and the search cannot get lost. Intervals
/// are percentiles over refits to the curve plus its own residuals, drawn anew with a fixed seed: they hold
/// both the scatter over seeds and what the formula misses.
/// </summary>
public static class TradeOffFit
{
    /// <summary>Fewer batches than this say nothing of a curve with two parameters.</summary>
    public const int FewestBatches = 3;

    private const int Resamples = 400;

    /// <summary>The critical batch is sought this far below the smallest batch and above the
    /// largest.</summary>
    private const double Beyond = 1000;

    /// <summary>
    /// A knee farther outside the batches than this factor is a guess from the last of the curvature.
    /// </summary>
    private const double Reach = 2;

    /// <summary>
    /// Null where no point is usable; a verdict of too few batches still carries the best curve through them.
    /// </summary>
    /// <param name="points">One per run; those that are not positive and finite are left out.</param>
    /// <param name="seed">Of the resampling.</param>
    public static TradeOff? Fit(IEnumerable<(double Batch, double Steps)> points, int seed = 1)
    {
        (double Batch, double Steps)[] usable = [.. points.Where(
            p => p.Batch > 0 && p.Steps > 0 && double.IsFinite(p.Batch) && double.IsFinite(p.Steps))];
        double[] batches = [.. usable.Select(p => p.Batch)];
        int distinct = batches.Distinct().Count();
        if (distinct < 2)
        {
            return null;
        }

        double[] logs = [.. usable.Select(p => Math.Log(p.Steps))];
        (double low, double high) = (Math.Log(batches.Min() / Beyond), Math.Log(batches.Max() * Beyond));
        (double LogCritical, double LogLeast) best = Solve(batches, logs, low, high);
        (double LogCritical, double LogLeast)[] spread = distinct < FewestBatches || logs.Length < 4
            ? [] : Resample(batches, logs, best, low, high, seed);
        Estimate critical = Percentiles(best.LogCritical, [.. spread.Select(s => s.LogCritical)], low, high);
        Estimate steps = Percentiles(best.LogLeast, [.. spread.Select(s => s.LogLeast)]);
        Estimate examples = Percentiles(
            best.LogLeast + best.LogCritical, [.. spread.Select(s => s.LogLeast + s.LogCritical)]);
        TradeOffVerdict verdict = Judge(distinct, critical, batches);
        return new TradeOff(verdict, steps, examples, critical, distinct, logs.Length);
    }

    private static TradeOffVerdict Judge(int distinct, Estimate critical, double[] batches)
        => distinct < FewestBatches ? TradeOffVerdict.TooFewBatches
            : critical.Value > Reach * batches.Max() ? TradeOffVerdict.NoKneeYet
            : critical.Value < batches.Min() / Reach ? TradeOffVerdict.PastTheKnee
            : critical.Interval is { Low: not null, High: not null } ? TradeOffVerdict.Fixed
            : TradeOffVerdict.Loose;

    /// <summary>
    /// A coarse look over the whole range first, since the sum need not have one valley; then golden section.
    /// </summary>
    private static (double LogCritical, double LogLeast) Solve(
        double[] batches, double[] logs, double low, double high)
    {
        const int cells = 96;
        double width = (high - low) / cells;
        double start = Enumerable.Range(0, cells + 1).Select(i => low + i * width)
            .MinBy(theta => Misfit(batches, logs, theta).Squares);
        (double a, double b) = (Math.Max(low, start - width), Math.Min(high, start + width));
        double golden = (Math.Sqrt(5) - 1) / 2;
        for (int i = 0; i < 48; i++)
        {
            (double left, double right) = (b - golden * (b - a), a + golden * (b - a));
            bool lower = Misfit(batches, logs, left).Squares < Misfit(batches, logs, right).Squares;
            (a, b) = lower ? (a, right) : (left, b);
        }

        double found = (a + b) / 2;
        return (found, Misfit(batches, logs, found).LogLeast);
    }

    private static (double Squares, double LogLeast) Misfit(
        double[] batches, double[] logs, double logCritical)
    {
        double critical = Math.Exp(logCritical), sum = 0, squares = 0;
        for (int i = 0; i < logs.Length; i++)
        {
            double rest = logs[i] - Math.Log(1 + critical / batches[i]);
            sum += rest;
            squares += rest * rest;
        }

        // Cancellation may leave a hair below zero on an exact curve.
        return (Math.Max(0, squares - sum * sum / logs.Length), sum / logs.Length);
    }

    private static (double LogCritical, double LogLeast)[] Resample(
        double[] batches, double[] logs, (double LogCritical, double LogLeast) best, double low, double high,
        int seed)
    {
        double critical = Math.Exp(best.LogCritical);
        double[] curve = [.. batches.Select(b => best.LogLeast + Math.Log(1 + critical / b))];

        // Residuals of a fit with two parameters are too small by this much.
        double widen = Math.Sqrt(logs.Length / (logs.Length - 2.0));
        double[] rests = [.. logs.Zip(curve, (y, c) => (y - c) * widen)];
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Resamples).Select(_ => Solve(
            batches, [.. curve.Select(c => c + rests[random.Next(rests.Length)])], low, high))];
    }

    private static Estimate Percentiles(
        double log, double[] spread, double low = double.NegativeInfinity,
        double high = double.PositiveInfinity)
    {
        if (spread.Length == 0)
        {
            return new Estimate(Math.Exp(log), null);
        }

        Array.Sort(spread);
        double first = spread[(int)(0.025 * (spread.Length - 1))];
        double last = spread[(int)Math.Ceiling(0.975 * (spread.Length - 1))];

        // A refit that ran into the end of the search found no limit there.
        const double edge = 0.1;
        return new Estimate(Math.Exp(log), new Interval(
            first < low + edge ? null : Math.Exp(first), last > high - edge ? null : Math.Exp(last)));
    }
}
