using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;

namespace DistTrain.Study.Reports;

/// <summary>Does the noise scale, measured while training, foretell the critical batch?</summary>
internal sealed class NoiseSection(WorkloadFindings found, string prefix)
{
    private readonly NoiseFindings[] _noise = [.. found.Noise];

    public Section Make()
    {
        var section = new Section(
            prefix + "noise", "Noise scale",
            "Can the gradients of a single run foretell the largest batch worth using?", "");
        return _noise.Length == 0
            ? section with
            {
                Answer = "This study cannot say: no run measured a noise scale. It takes two or more shards "
                    + "a batch.",
                Lacking = true,
            }
            : section with
            {
                Answer = string.Join('\n', _noise.Select(Answer)),
                Body = Plot() + Numbers(),
                Reading = "The noise scale is the batch at which the noise of a gradient is as large as the "
                    + "gradient itself. Marks above the grey line are batches below their noise scale, where "
                    + "a larger batch still pays. The dashed line is the critical batch that the steps to "
                    + "the target show. Bars go from the lowest to the highest run. A factor of two or three "
                    + "between the two is common: the noise scale grows while a model trains, and depends on "
                    + "the rate.",
                Source = "McCandlish et al. 2018, “An Empirical Model of Large-Batch Training”, sections 2.2 "
                    + "and 3, appendix A.",
            };
    }

    private static string Answer(NoiseFindings one)
    {
        string measured = $"{one.Optimizer}: the noise scale is {Words.Number(one.Overall.Mean)} samples "
            + (one.Overall.Runs == 1 ? "(one run)"
                : $"(geometric mean of {Words.Counted(one.Overall.Runs, "run")}, from "
                    + $"{Words.Number(one.Overall.Low)} to {Words.Number(one.Overall.High)})");
        return one.Critical is not { } critical
            ? measured + "; the runs do not fix a critical batch to hold it against."
            : measured + $"; the critical batch measured is {Words.With(critical, Words.Number)}, so the "
                + "prediction "
                + (one.Ratio switch
                {
                    > 3 or < 1.0 / 3 => "is off by a factor of " + Words.Number(Math.Max(
                        one.Ratio!.Value, 1 / one.Ratio.Value)) + ".",
                    _ => $"is {Words.Number(one.Ratio!.Value)} times the measured one.",
                });
    }

    private string Plot()
    {
        Axis x = Picture.Batches(_noise.SelectMany(n => n.ByBatch).Select(b => b.Batch), Picture.Wide);
        PlotLayer[] layers = [.. _noise.Select((n, i) => new PlotLayer(
            n.Optimizer, i, PlotLine.Solid, [.. n.ByBatch.Select(b => new PlotPoint(
                Picture.Aside(b.Batch, i, _noise.Length), b.Mean,
                $"{n.Optimizer}, batch {Words.Count(b.Batch)}: {Words.Number(b.Mean)} "
                    + $"({Words.Counted(b.Runs, "run")})",
                b.Runs > 1 ? b.Low : null, b.Runs > 1 ? b.High : null))]))];
        PlotLayer[] critical = [.. _noise.Select((n, i) => (n.Critical, n.Optimizer, Hue: i))
            .Where(n => n.Critical is not null).Select(n => Picture.Curve(
                $"critical batch, {n.Optimizer}", n.Hue, PlotLine.Dashed, x,
                _ => n.Critical!.Value.Value, 2))];
        PlotLayer equal = Picture.Curve("noise scale = batch", -1, PlotLine.Solid, x, b => b, 2);
        Axis y = Picture.Logarithmic("noise scale, samples", [.. layers, .. critical]);
        return Picture.Of(
            prefix + "plot-noise", "Noise scale against the batch", x, y, [equal, .. critical, .. layers],
            Picture.Wide);
    }

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plot", "optimizer", "batch", "noise scale", "lowest", "highest", "runs");
        foreach ((NoiseFindings one, NoiseAtBatch b) in _noise.SelectMany(n => n.ByBatch.Select(b => (n, b))))
        {
            table.Add(one.Optimizer, Words.Count(b.Batch), Words.Number(b.Mean), Words.Number(b.Low),
                Words.Number(b.High), Words.Count(b.Runs));
        }

        return table.Folded();
    }
}
