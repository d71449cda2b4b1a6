using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>
/// The noise scale that training itself measured, beside the critical batch that the steps to the target
/// show. McCandlish et al. 2018 predict that they are about equal.
/// </summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="ByBatch">Over the runs of each batch.</param>
/// <param name="Overall">Over the runs of the settings that reached the target first; over all runs where
/// none did.</param>
/// <param name="Critical">The fit's, where it fixes one; null: it does not.</param>
public sealed record NoiseFindings(
    string Optimizer, IReadOnlyList<NoiseAtBatch> ByBatch, NoiseAtBatch Overall, Estimate? Critical)
{
    /// <summary>Noise scale over critical batch: 1 would be the perfect prediction.</summary>
    public double? Ratio => Overall.Mean / Critical?.Value;

    internal static IReadOnlyList<NoiseFindings> Of(
        IReadOnlyList<StudyRun> runs, IReadOnlyList<TradeOffFindings> tradeOffs)
        => [.. runs.Where(r => r.IsUsable() && r.NoiseScale is { } n && n > 0 && double.IsFinite(n))
            .GroupBy(r => r.Optimizer).Select(g => Of(g.Key, g, tradeOffs.First(t => t.Optimizer == g.Key)))
            .OrderBy(n => n.Optimizer, StringComparer.Ordinal)];

    private static NoiseFindings Of(string optimizer, IEnumerable<StudyRun> runs, TradeOffFindings tradeOff)
    {
        // The critical batch is that of the best settings; a rate that is far off has another noise scale.
        StudyRun[] all = [.. runs];
        HashSet<string> best = [.. tradeOff.Best.SelectMany(o => o.Runs)];
        StudyRun[] chosen = [.. all.Where(r => best.Contains(r.Id))];
        StudyRun[] counted = chosen.Length > 0 ? chosen : all;
        bool known = tradeOff.Fit is { Verdict: TradeOffVerdict.Fixed or TradeOffVerdict.Loose };
        return new NoiseFindings(
            optimizer,
            [.. counted.GroupBy(r => r.Batch).OrderBy(b => b.Key).Select(b => NoiseAtBatch.Of(b.Key, b))],
            NoiseAtBatch.Of(0, counted), known ? tradeOff.Fit!.CriticalBatch : null);
    }
}

/// <summary>Mean noise scale of some runs, taken in logarithms as it spans powers of ten.</summary>
/// <param name="Batch">Of the runs; 0: of all batches together.</param>
/// <param name="Mean">In samples.</param>
/// <param name="Low">Lowest of a run.</param>
/// <param name="High">Highest of a run.</param>
/// <param name="Runs">How many.</param>
public sealed record NoiseAtBatch(int Batch, double Mean, double Low, double High, int Runs)
{
    internal static NoiseAtBatch Of(int batch, IEnumerable<StudyRun> runs)
    {
        double[] values = [.. runs.Select(r => r.NoiseScale!.Value)];
        return new NoiseAtBatch(
            batch, Math.Exp(values.Average(Math.Log)), values.Min(), values.Max(), values.Length);
    }
}
