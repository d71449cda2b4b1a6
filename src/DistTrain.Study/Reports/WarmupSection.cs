using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;

namespace DistTrain.Study.Reports;

/// <summary>Does warm-up help, and where?</summary>
internal sealed class WarmupSection(WorkloadFindings found, string prefix)
{
    private readonly Yardstick _yardstick = found.Yardstick;
    private readonly WarmupPair[] _pairs = [.. found.Warmup];

    public Section Make()
    {
        var section = new Section(
            prefix + "warmup", "Warm-up", "Does it help to start with a small rate and raise it?", "");
        return _pairs.Length == 0
            ? section with
            {
                Answer = "This study cannot say: it has no two runs that differ in warm-up alone.",
                Lacking = true,
            }
            : section with
            {
                Answer = Answer(),
                Body = Plot() + Numbers(),
                Reading = "Each mark compares runs that differ in warm-up alone, seed by seed; its bar is "
                    + "the 95 % interval of the mean difference. Above the line warm-up helped. A bar that "
                    + "crosses the line may be chance, and of twenty bars one misses it by chance alone. "
                    + "Pairs where one of the two did not come to its end are counted in the table instead.",
                Source = "Goyal et al. 2017, section 2.2, and table 2.",
            };
    }

    private string Answer()
    {
        int[] helped = [.. _pairs.Where(p => p.Gain?.Interval?.Low > 0).Select(p => p.With.Batch).Distinct()];
        int[] harmed = [
            .. _pairs.Where(p => p.Gain?.Interval?.High < 0).Select(p => p.With.Batch).Distinct()];
        int rescued = _pairs.Sum(p => p.LostWithout), lost = _pairs.Sum(p => p.LostWith);
        string effect = (helped.Length, harmed.Length) switch
        {
            (0, 0) => "No batch shows an effect of warm-up on the result beyond the scatter of its seeds.",
            (_, 0) => $"Warm-up helped at batch {Batches(helped)}, beyond the scatter of the seeds.",
            (0, _) => $"Warm-up did harm at batch {Batches(harmed)}, beyond the scatter of the seeds.",
            _ => $"Warm-up helped at batch {Batches(helped)} and did harm at batch {Batches(harmed)}.",
        };
        WarmupPair? largest = _pairs.Where(p => p.Gain is not null).MaxBy(p => Math.Abs(p.Gain!.Value.Value));
        string size = largest?.Gain is not { } gain ? ""
            : " The largest difference is "
                + $"{Words.With(gain, v => Words.Difference(_yardstick, _yardstick.Gain(v)))} at batch "
                + $"{Words.Count(largest.With.Batch)}.";
        string failures = rescued + lost == 0 ? ""
            : $" {Words.Counted(rescued, "run")} without warm-up and {lost} with it did not come to their "
                + "end.";
        return effect + size + failures;
    }

    private static string Batches(int[] batches) => Words.List(batches.Select(b => Words.Count(b)));

    private string Plot()
    {
        WarmupPair[] known = [.. _pairs.Where(p => p.Gain is not null)];
        if (known.Length == 0)
        {
            return "";
        }

        double scale = _yardstick.IsAccuracy ? 100 : 1;
        Axis x = Picture.Batches(known.Select(p => p.With.Batch), Picture.Wide);
        IGrouping<string, WarmupPair>[] lines = [.. known.GroupBy(p => p.With.Line)];
        PlotLayer[] layers = [.. lines.Select((g, i) => new PlotLayer(
            g.Key, i, PlotLine.None, [.. g.Select(p => new PlotPoint(
                Picture.Aside(p.With.Batch, i, lines.Length), scale * p.Gain!.Value.Value,
                $"{g.Key}, batch {Words.Count(p.With.Batch)}: "
                    + Words.With(p.Gain.Value, v => Words.Difference(_yardstick, _yardstick.Gain(v))),
                scale * p.Gain.Value.Interval?.Low, scale * p.Gain.Value.Interval?.High))]))];
        Axis y = Picture.Linear(
            _yardstick.IsAccuracy ? "accuracy gained by warm-up, percentage points" : "loss saved by warm-up",
            layers, include: 0);
        return Picture.Of(
            prefix + "plot-warmup", "What warm-up changes", x, y,
            [Picture.Across("no difference", x, 0, PlotLine.Solid), .. layers], Picture.Wide);
    }

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plot", "with warm-up", "batch", "rate", "warm-up, epochs", "difference",
            "95 % interval", "pairs", "lost with", "lost without");
        foreach (WarmupPair p in _pairs)
        {
            string Text(double v) => Words.Difference(_yardstick, _yardstick.Gain(v));
            table.Add(p.With.Line, Words.Count(p.With.Batch), Words.Number(p.With.PeakRate),
                Words.Number(p.With.WarmupEpochs), p.Gain is { } g ? Text(g.Value) : Words.None,
                p.Gain is { } i ? Words.Range(i.Interval, Text).Replace("95\u00A0% interval ", "")
                    : Words.None,
                Words.Count(p.Pairs), Words.Count(p.LostWith), Words.Count(p.LostWithout));
        }

        return table.Folded();
    }
}
