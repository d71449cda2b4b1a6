using DistTrain.Study.Fitting;

namespace DistTrain.Study.Findings;

/// <summary>The rates tried at one batch, and the best.</summary>
/// <param name="Batch">In samples.</param>
/// <param name="Tried">By rate; those that came to nothing included.</param>
/// <param name="Best">Null: no rate came to its end.</param>
/// <param name="AtLowEdge">The best is the lowest rate tried: a still lower one may be better.</param>
/// <param name="AtHighEdge">Likewise the highest; a higher one that diverged is a limit and not an
/// edge.</param>
public sealed record BestRate(
    int Batch, IReadOnlyList<Outcome> Tried, Outcome? Best, bool AtLowEdge, bool AtHighEdge)
{
    public bool AtEdge => AtLowEdge || AtHighEdge;
}

/// <summary>The best rate against the batch over tuned runs of one optimizer: η ∝ B^p.</summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="ByTarget">Best is fewest steps to the target; else best is the yardstick at the end.</param>
/// <param name="Batches">By batch.</param>
/// <param name="Law">Through the best rates; null for fewer than two batches.</param>
public sealed record BestRateFindings(
    string Optimizer, bool ByTarget, IReadOnlyList<BestRate> Batches, PowerLaw? Law)
{
    /// <summary>Rules with a formula would only give that formula back; tuned runs alone can tell.</summary>
    public const string TunedRule = "tuned";

    internal static IReadOnlyList<BestRateFindings> Of(
        IReadOnlyList<Outcome> outcomes, Yardstick yardstick, bool byTarget)
        => [.. outcomes.Where(o => o.Setting.Rule == TunedRule).GroupBy(o => o.Setting.Optimizer)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(g.Key, g, yardstick, byTarget))];

    private static BestRateFindings Of(
        string optimizer, IEnumerable<Outcome> outcomes, Yardstick yardstick, bool byTarget)
    {
        BestRate[] rates = [.. outcomes.GroupBy(o => o.Setting.Batch).OrderBy(g => g.Key)
            .Select(g => Of(g.Key, [.. g.OrderBy(o => o.Setting.PeakRate)], yardstick, byTarget))];
        PowerLaw? law = PowerLaw.Fit(rates.Where(r => r.Best is not null)
            .Select(r => ((double)r.Batch, r.Best!.Setting.PeakRate)));
        return new BestRateFindings(optimizer, byTarget, rates, law);
    }

    private static BestRate Of(int batch, Outcome[] tried, Yardstick yardstick, bool byTarget)
    {
        Outcome? best = byTarget
            ? tried.Where(o => o.ReachesTarget).MinBy(o => o.StepsToTarget!.Mean)
            : tried.Where(o => o is { IsSound: true, Score: not null })
                .MaxBy(o => yardstick.Gain(o.Score!.Mean));
        double? rate = best?.Setting.PeakRate;
        return new BestRate(
            batch, tried, best, rate is not null && tried.All(o => o.Setting.PeakRate >= rate),
            rate is not null && tried.All(o => o.Setting.PeakRate <= rate));
    }
}
