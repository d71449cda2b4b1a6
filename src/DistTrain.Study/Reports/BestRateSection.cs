using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;
using DistTrain.Study.Fitting;

namespace DistTrain.Study.Reports;

/// <summary>How should the learning rate grow with the batch?</summary>
internal sealed class BestRateSection(WorkloadFindings found, string prefix)
{
    private readonly BestRateFindings[] _tuned = [.. found.BestRates];

    public Section Make()
    {
        var section = new Section(
            prefix + "rate", "Best rate and batch", "How should the learning rate grow with the batch?", "");
        return _tuned.All(t => t.Batches.All(b => b.Best is null))
            ? section with
            {
                Answer = "This study cannot say: it has no tuned runs with a result. A rule's own rates "
                    + "would only give that rule back. Add “tuned” to the rules, with several rates a batch.",
                Lacking = true,
            }
            : section with
            {
                Answer = string.Join(
                    '\n', _tuned.Where(t => t.Batches.Any(b => b.Best is not null)).Select(Answer)),
                Body = string.Concat(_tuned.Select((t, i) => t.Batches.Any(b => b.Best is not null)
                    ? Plot(t, i) : "")) + Numbers(),
                Reading = "Every grey ring is a rate that was tried, a cross one that diverged, was given up "
                    + "or failed, and the coloured one is the best of its batch; hollow means that it is the "
                    + "lowest or highest tried, so the true best may lie beyond. The exponent p of η ∝ B^p "
                    + "is the slope of the line through the best ones: 1 is the linear rule, 0.5 the "
                    + "square-root rule, 0 a rate that does not care about the batch.",
                Source = "Goyal et al. 2017 (linear); Krizhevsky 2014 and Hoffer et al. 2017 (square root); "
                    + "Shallue et al. 2019, figure 8, found that neither holds everywhere.",
            };
    }

    private static string Answer(BestRateFindings one)
    {
        int edges = one.Batches.Count(b => b.Best is not null && b.AtEdge);
        string edge = edges == 0 ? ""
            : $" At {Words.Counted(edges, "batch").Replace("batchs", "batches")} the best rate is the lowest "
                + "or highest tried: try beyond.";
        if (one.Law is not { } law)
        {
            return $"{one.Optimizer}: one batch has a best rate, so nothing is known of its growth.{edge}";
        }

        return $"{one.Optimizer}: the best rate grows as B^{law.Exponent.Value:0.00} "
            + $"({Words.Range(law.Exponent.Interval, v => v.ToString("0.00"))}): "
            + $"{Verdict(law.Exponent)}.{edge}";
    }

    private static string Verdict(Estimate exponent) => exponent.Interval is not { } range
        ? "too few batches to tell the rules apart"
        : (range.Holds(1), range.Holds(0.5)) switch
        {
            (true, true) => "both the linear rule (1) and the square root (0.5) fit these data",
            (true, false) => "the linear rule (1) fits, the square root (0.5) does not",
            (false, true) => "the square root (0.5) fits, the linear rule (1) does not",
            _ => "neither the linear rule (1) nor the square root (0.5) fits",
        };

    private string Plot(BestRateFindings one, int hue)
    {
        BestRate[] known = [.. one.Batches.Where(b => b.Best is not null)];
        Axis x = Picture.Batches(one.Batches.Select(b => b.Batch), Picture.Wide);
        PlotLayer tried = new("tried", -1, PlotLine.None, [.. one.Batches
            .SelectMany(b => b.Tried.Where(o => o.IsSound && o != b.Best))
            .Select(o => Mark(o, PlotMark.Hollow))]);
        PlotLayer failed = new("diverged, given up or failed", -1, PlotLine.None, [.. one.Batches
            .SelectMany(b => b.Tried.Where(o => !o.IsSound).Select(o => Mark(o, PlotMark.Cross)))]);
        PlotLayer best = new("best", hue, PlotLine.None, [.. known
            .Select(b => Mark(b.Best!, b.AtEdge ? PlotMark.Hollow : PlotMark.Full))]);
        Axis y = Picture.Logarithmic("learning rate", [tried, failed, best]);
        var layers = new List<PlotLayer>();
        if (one.Law is { } law)
        {
            // The rules' lines start where the fitted one does.
            double from = known[0].Batch, rate = law.At(from);
            layers.Add(Picture.Curve(
                $"fitted, p = {law.Exponent.Value:0.00}", hue, PlotLine.Solid, x, law.At));
            layers.Add(Picture.Curve("linear, p = 1", 6, PlotLine.Dashed, x, b => rate * b / from));
            layers.Add(Picture.Curve(
                "square root, p = 0.5", 7, PlotLine.Dashed, x, b => rate * Math.Sqrt(b / from)));
        }

        return Picture.Of(
            $"{prefix}plot-rate-{hue}", $"Rates tried with {one.Optimizer}, and the best", x, y,
            [.. layers, tried, failed, best], Picture.Wide);
    }

    private static PlotPoint Mark(Outcome outcome, PlotMark mark) => new(
        outcome.Setting.Batch, outcome.Setting.PeakRate,
        $"batch {Words.Count(outcome.Setting.Batch)}, rate {Words.Number(outcome.Setting.PeakRate)}: "
            + Standing.Of(outcome), Mark: mark);

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plot", "optimizer", "batch", "best rate", "rates tried", "lowest", "highest",
            "steps to target", found.Yardstick.Name, "edge");
        foreach ((BestRateFindings one, BestRate b) in _tuned.SelectMany(t => t.Batches.Select(b => (t, b))))
        {
            table.Add(one.Optimizer, Words.Count(b.Batch),
                b.Best is { } o ? Words.Number(o.Setting.PeakRate) : "none came to its end",
                Words.Count(b.Tried.Count),
                Words.Number(b.Tried[0].Setting.PeakRate), Words.Number(b.Tried[^1].Setting.PeakRate),
                Words.Cell(b.Best?.StepsToTarget, Words.Number),
                Words.Cell(b.Best?.Score, v => Words.Score(found.Yardstick, v)),
                (b.AtLowEdge, b.AtHighEdge) switch
                {
                    (true, true) => "one rate",
                    (true, false) => "lowest",
                    (false, true) => "highest",
                    _ => "",
                });
        }

        return table.Folded();
    }
}
