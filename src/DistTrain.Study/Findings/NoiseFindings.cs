using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>
/// The noise scale that training itself measured, beside the critical batch that the steps to the target
/// show. McCandlish et al. 2018 predict that they are about equal.
/// </summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="ByBatch">Geometric mean over the runs of each batch.</param>
/// <param name="Overall">Geometric mean over all runs, in samples.</param>
/// <param name="Critical">The fit's, where it fixes one; null: it does not.</param>
public sealed record NoiseFindings(
    string Optimizer, IReadOnlyList<NoiseAtBatch> ByBatch, NoiseAtBatch Overall, Estimate? Critical)
{
    /// <summary>Noise scale over critical batch: 1 would be the perfect prediction.</summary>
    public double? Ratio => Overall.Mean / Critical?.Value;

    internal static IReadOnlyList<NoiseFindings> Of(
        IReadOnlyList<StudyRun> runs, IReadOnlyList<TradeOffFindings> tradeOffs)
        => [.. runs.Where(r => r.IsUsable() && r.NoiseScale is { } n && n > 0 && double.IsFinite(n))
            .GroupBy(r => r.Optimizer).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new NoiseFindings(
                g.Key,
                [.. g.GroupBy(r => r.Batch).OrderBy(b => b.Key).Select(b => NoiseAtBatch.Of(b.Key, b))],
                NoiseAtBatch.Of(0, g),
                tradeOffs.FirstOrDefault(t => t.Optimizer == g.Key)?.Fit is { } fit
                    && fit.Verdict is TradeOffVerdict.Fixed or TradeOffVerdict.Loose
                    ? fit.CriticalBatch : null))];
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
