using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;

namespace DistTrain.Study.Reports;

/// <summary>How much time do more workers save?</summary>
internal sealed class WorkersSection(WorkloadFindings found, string prefix)
{
    /// <summary>More curves than this could not be told apart; the table has them all.</summary>
    private const int MostCurves = 6;

    private readonly ScalingFindings[] _scaling = [.. found.Scaling];

    public Section Make()
    {
        var section = new Section(
            prefix + "workers", "Time and workers", "How much time do more workers save?", "");
        return _scaling.Length == 0
            ? section with
            {
                Answer = "This study cannot say: it ran no setting with two or more numbers of workers.",
                Lacking = true,
            }
            : section with
            {
                Answer = Answer(),
                Body = Plots() + Numbers(),
                Reading = "The batch stays the same while workers are added, so the weights do too, and only "
                    + "the time changes. Along the grey line twice the workers take half the time. "
                    + "Efficiency is the share of that ideal that is reached. Times hold for this machine "
                    + "and this load: runs that ran side by side slowed each other.",
                Source = "Strong scaling; Goyal et al. 2017, section 5.5, and Shallue et al. 2019, section "
                    + "2.",
            };
    }

    private string Answer()
    {
        ScalingFindings best = _scaling.MaxBy(s => s.Points.Max(p => p.Speedup))!;
        ScalingPoint fewest = best.Points[0], fastest = best.Points.MaxBy(p => p.Speedup)!;
        string setting = $"{best.Setting.Line} at batch {Words.Count(best.Setting.Batch)}";
        string kind = best.ToTarget ? "to the target" : "for the run";
        if (fastest.Workers == fewest.Workers)
        {
            return $"None: with {setting}, {Words.Counted(fewest.Workers, "worker")} took "
                + $"{Words.Seconds(fewest.Seconds.Mean)} {kind}, and more workers took longer.";
        }

        ScalingPoint? fair = best.Points.LastOrDefault(p => p.Efficiency >= ScalingFindings.FairEfficiency);
        return $"With {setting}, {Words.Counted(fastest.Workers, "worker")} took "
            + $"{Words.Seconds(fastest.Seconds.Mean)} {kind} and {fewest.Workers} took "
            + $"{Words.Seconds(fewest.Seconds.Mean)}: {fastest.Speedup:0.0} times as fast, at "
            + $"{Words.Efficiency(fastest.Efficiency)} efficiency. Efficiency stays above "
            + $"{Words.Efficiency(ScalingFindings.FairEfficiency)} up to "
            + Words.Counted(fair!.Workers, "worker") + ".";
    }

    private string Plots()
    {
        ScalingFindings[] drawn = [.. _scaling.OrderByDescending(s => s.Points.Count)
            .ThenByDescending(s => s.Points.Max(p => p.Speedup)).Take(MostCurves)
            .OrderBy(s => s.Setting.Batch)];
        Axis x = Picture.OfCounts(
            "workers, log scale", drawn.SelectMany(s => s.Points).Select(p => p.Workers), Picture.Narrow);
        PlotLayer[] times = [.. drawn.Select((s, i) => Layer(s, i, p => p.Seconds.Mean))];
        ScalingPoint first = drawn[0].Points[0];
        PlotLayer ideal = Picture.Curve(
            "ideal", -1, PlotLine.Solid, x, w => first.Seconds.Mean * first.Workers / w);
        PlotLayer[] shares = [.. drawn.Select((s, i) => Layer(s, i, p => 100 * p.Efficiency))];
        string kind = drawn.All(s => s.ToTarget) ? "to the target" : "of the run";
        return Picture.Pair(
            Picture.Of(
                prefix + "plot-time", $"Time {kind}", x, Picture.Logarithmic("seconds", times),
                [ideal, .. times],
                Picture.Narrow),
            Picture.Of(
                prefix + "plot-efficiency", "Efficiency", x,
                Picture.Linear("efficiency, %", shares, include: 0),
                [Picture.Across("ideal", x, 100, PlotLine.Solid), .. shares], Picture.Narrow));
    }

    private static PlotLayer Layer(ScalingFindings one, int hue, Func<ScalingPoint, double> value) => new(
        $"{one.Setting.Line}, batch {Words.Count(one.Setting.Batch)}", hue, PlotLine.Solid,
        [.. one.Points.Select(p => new PlotPoint(
            p.Workers, value(p), $"{one.Setting.Line}, batch {Words.Count(one.Setting.Batch)}, "
                + $"{Words.Counted(p.Workers, "worker")}: {Words.With(p.Seconds, Words.Seconds)}, "
                + $"efficiency {Words.Efficiency(p.Efficiency)}"))]);

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plots", "rule", "batch", "rate", "workers", "time", "speed-up", "efficiency");
        foreach ((ScalingFindings one, ScalingPoint p) in
            _scaling.SelectMany(s => s.Points.Select(p => (s, p))))
        {
            table.Add(one.Setting.Line, Words.Count(one.Setting.Batch), Words.Number(one.Setting.PeakRate),
                Words.Count(p.Workers), Words.Cell(p.Seconds, Words.Seconds), $"{p.Speedup:0.00}",
                Words.Efficiency(p.Efficiency));
        }

        return table.Folded();
    }
}
