using DistTrain.Study.Fitting;

namespace DistTrain.Study.Findings;

/// <summary>Whether a setting keeps the accuracy of the small-batch baseline, within the tolerance.</summary>
public enum Keeping
{
    /// <summary>Worse by no more than the tolerance, with 95 % confidence.</summary>
    Kept,

    /// <summary>The mean keeps it, but the seeds are too few or too scattered to be sure.</summary>
    KeptOnAverage,

    /// <summary>The mean falls short, but the seeds do not rule out that it keeps it.</summary>
    ShortOnAverage,

    /// <summary>Worse by more than the tolerance with 95 % confidence, or a seed did not come to its
    /// end.</summary>
    Lost,
}

/// <summary>One batch of a rule beside the baseline.</summary>
/// <param name="Outcome">The best setting of the rule at its batch.</param>
/// <param name="Shortfall">Baseline less this: positive is worse; null: no seed came to its end.</param>
/// <param name="Keeping">The verdict.</param>
public sealed record AccuracyPoint(Outcome Outcome, Estimate? Shortfall, Keeping Keeping);

/// <summary>A rule over the batches.</summary>
/// <param name="Name">Optimizer, rule and warm-up, as far as they differ in the study.</param>
/// <param name="Points">By batch.</param>
/// <param name="KeptUpTo">Largest batch up to which every batch from the baseline's on keeps the accuracy on
/// average; null: not even the first does.</param>
/// <param name="ShownUpTo">Likewise with 95 % confidence.</param>
/// <param name="LostFrom">Smallest batch beyond where the loss is shown; null: none.</param>
public sealed record AccuracyLine(
    string Name, IReadOnlyList<AccuracyPoint> Points, int? KeptUpTo, int? ShownUpTo, int? LostFrom);

/// <summary>Accuracy against batch, Goyal et al. 2017, figure 1: up to where is it flat?</summary>
/// <param name="Baseline">At the reference batch, or the smallest; null: nothing came to its end
/// there.</param>
/// <param name="Tolerance">In the yardstick's unit; 0.002 is 0.2 percentage points.</param>
/// <param name="Lines">By name.</param>
public sealed record AccuracyFindings(Outcome? Baseline, double Tolerance, IReadOnlyList<AccuracyLine> Lines)
{
    /// <summary>Without an accuracy, a loss may be worse by this share of the baseline's.</summary>
    private const double LossTolerance = 0.01;

    internal static AccuracyFindings Of(
        IReadOnlyList<Outcome> outcomes, Yardstick yardstick, int referenceBatch, double tolerance)
    {
        Outcome? baseline = FindBaseline(outcomes, yardstick, referenceBatch);
        double within = yardstick.IsAccuracy ? tolerance
            : LossTolerance * Math.Abs(baseline?.Score?.Mean ?? 0);
        AccuracyLine[] lines = [.. outcomes.GroupBy(o => o.Setting.Line)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Line(g.Key, g, baseline, yardstick, within))];
        return new AccuracyFindings(baseline, within, lines);
    }

    /// <summary>
    /// The unscaled recipe at the reference batch, for that is what the rules promise to keep. Where the
    /// study lacks it: the best of the smallest batch.
    /// </summary>
    private static Outcome? FindBaseline(
        IReadOnlyList<Outcome> outcomes, Yardstick yardstick, int referenceBatch)
    {
        Outcome[] scored = [.. outcomes.Where(o => o.IsSound && o.Score is not null)];
        if (scored.Length == 0)
        {
            return null;
        }

        int batch = scored.Any(o => o.Setting.Batch == referenceBatch)
            ? referenceBatch : scored.Min(o => o.Setting.Batch);
        return scored.Where(o => o.Setting.Batch == batch)
            .OrderBy(o => o.Setting.Rule == "none" ? 0 : 1)
            .ThenByDescending(o => yardstick.Gain(o.Score!.Mean)).First();
    }

    private static AccuracyLine Line(
        string name, IEnumerable<Outcome> outcomes, Outcome? baseline, Yardstick yardstick, double tolerance)
    {
        AccuracyPoint[] points = [.. outcomes.GroupBy(o => o.Setting.Batch).OrderBy(g => g.Key)
            .Select(g => g.OrderByDescending(o => o.IsSound)
                .ThenByDescending(o => o.Score is { } s ? yardstick.Gain(s.Mean) : double.NegativeInfinity)
                .First())
            .Select(o => Judge(o, baseline, yardstick, tolerance))];
        int from = baseline?.Setting.Batch ?? 0;
        AccuracyPoint[] beyond = [.. points.Where(p => p.Outcome.Setting.Batch >= from)];
        int? UpTo(Func<Keeping, bool> keeps)
            => beyond.TakeWhile(p => keeps(p.Keeping)).LastOrDefault()?.Outcome.Setting.Batch;
        return new AccuracyLine(
            name, points, UpTo(k => k is Keeping.Kept or Keeping.KeptOnAverage), UpTo(k => k == Keeping.Kept),
            beyond.FirstOrDefault(p => p.Keeping == Keeping.Lost)?.Outcome.Setting.Batch);
    }

    private static AccuracyPoint Judge(
        Outcome outcome, Outcome? baseline, Yardstick yardstick, double tolerance)
    {
        if (outcome.Score is not { } score || baseline?.Score is not { } small)
        {
            return new AccuracyPoint(outcome, null, Keeping.Lost);
        }

        Estimate shortfall = yardstick.IsAccuracy ? small.Less(score) : score.Less(small);
        if (!outcome.IsSound)
        {
            return new AccuracyPoint(outcome, shortfall, Keeping.Lost);
        }

        // The baseline keeps its own accuracy by definition, whatever its scatter.
        bool itself = ReferenceEquals(outcome, baseline);
        bool within = shortfall.Value <= tolerance;
        Keeping keeping = itself || (within && shortfall.Interval?.High <= tolerance) ? Keeping.Kept
            : within ? Keeping.KeptOnAverage
            : shortfall.Interval?.Low > tolerance ? Keeping.Lost
            : Keeping.ShortOnAverage;
        return new AccuracyPoint(outcome, shortfall, keeping);
    }
}
