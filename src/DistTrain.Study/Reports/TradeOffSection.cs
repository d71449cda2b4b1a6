using DistTrain.Core.Jobs;
using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;
using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>What does a larger batch buy in steps, and what does it cost in examples?</summary>
internal sealed class TradeOffSection(StudyFrame frame, WorkloadFindings found, string prefix)
{
    private readonly TradeOffFindings[] _reached = [.. found.TradeOffs.Where(t => t.Best.Count > 0)];

    public Section Make()
    {
        var section = new Section(
            prefix + "tradeoff", "Steps and examples to the target",
            $"How many steps does a larger batch save on the way to {TargetText.Of(frame.Target)}?", "");
        return _reached.Length == 0
            ? section with
            {
                Answer = "No run of this study reached the target, so there are no steps to compare.",
                Lacking = true,
                Body = Nearest(),
                Reading = "The plot shows how near the runs came instead. Lower the target or raise the "
                    + "epochs.",
            }
            : section with
            {
                Answer = string.Join('\n', _reached.Select(Answer)),
                Body = Plots() + Numbers(),
                Reading = "Along the grey line twice the batch needs half the steps: nothing is wasted. The "
                    + "fitted curve leaves that line near the critical batch, where steps and examples are "
                    + "both twice their least, and then flattens: a larger batch spends more examples for "
                    + "hardly fewer steps. Each mark is the best setting found at its batch; bars are 95 % "
                    + "intervals over its seeds. The best of many tries is always a little lucky.",
                Source = "Shallue et al. 2019, “Measuring the Effects of Data Parallelism”, figure 1; the "
                    + "curve (S/S_min − 1)(E/E_min − 1) = 1 is McCandlish et al. 2018, “An Empirical Model "
                    + "of Large-Batch Training”, equation 2.11.",
            };
    }

    private string Answer(TradeOffFindings one)
    {
        string missed = one.Missed.Count == 0 ? ""
            : $" The target was not reached at batch {Words.List(one.Missed.Select(b => Words.Count(b)))}.";
        if (one.Fit is not { } fit)
        {
            return $"{one.Optimizer}: only one batch reached the target, so there is no curve.{missed}";
        }

        string critical = Words.With(fit.CriticalBatch, Words.Number);
        string limits = $"At least {Words.Number(fit.LeastSteps.Value)} steps (S_min) and "
            + $"{Words.Number(fit.LeastExamples.Value)} examples (E_min) are needed.";
        string text = fit.Verdict switch
        {
            TradeOffVerdict.Fixed => $"the critical batch is {critical}. {limits}",
            TradeOffVerdict.Loose => $"the critical batch is about {critical}, but the data do not fix it "
                + "well. "
                + limits,
            TradeOffVerdict.NoKneeYet => "steps still fall almost in proportion to the batch, so the "
                + $"critical batch lies beyond {Words.Count(one.Best[^1].Setting.Batch)} and these data "
                + "cannot fix it. Try larger batches.",
            TradeOffVerdict.PastTheKnee => "a larger batch saves hardly any steps, so the critical batch "
                + $"lies below {Words.Count(one.Best[0].Setting.Batch)} and these data cannot fix it. Try "
                + "smaller batches.",
            _ => $"{fit.Batches} batches reached the target, and a curve needs "
                + $"{TradeOffFit.FewestBatches} or more to be fixed.",
        };
        return $"{one.Optimizer}: {text}{missed}";
    }

    private string Plots() => Picture.Pair(
        Plot("steps", o => o.StepsToTarget, (t, b) => t.Steps(b), falls: true),
        Plot("examples", o => o.ExamplesToTarget, (t, b) => t.Examples(b), falls: false));

    private string Plot(
        string unit, Func<Outcome, SeedMean?> value, Func<TradeOff, double, double> curve, bool falls)
    {
        Axis x = Picture.Batches(
            _reached.SelectMany(t => t.Best).Select(o => o.Setting.Batch), Picture.Narrow);
        PlotLayer[] marks = [.. _reached.Select((t, i) => new PlotLayer(
            t.Optimizer, i, PlotLine.None, [.. t.Best.Where(o => value(o) is not null)
                .Select(o => Mark(o, value(o)!, Picture.Aside(o.Setting.Batch, i, _reached.Length),
                    unit))]))];
        PlotLayer[] fits = [.. _reached.Select((t, i) => (t.Fit, Hue: i))
            .Where(t => t.Fit is { Verdict: not TradeOffVerdict.TooFewBatches })
            .Select(t => Picture.Curve("", t.Hue, PlotLine.Dashed, x, b => curve(t.Fit!, b)))];
        Outcome first = _reached[0].Best[0];
        double start = value(first)?.Mean ?? 0;
        PlotLayer perfect = Picture.Curve(
            "perfect scaling", -1, PlotLine.Solid, x, b => falls ? start * first.Setting.Batch / b : start);
        Axis y = Picture.Logarithmic(
            unit, [.. marks, perfect with { Points = start > 0 ? perfect.Points : [] }]);
        PlotLayer[] keys = fits.Length == 0 ? [] : [new PlotLayer("fitted curve", -1, PlotLine.Dashed,
            [new PlotPoint(double.NaN, double.NaN, "", Mark: PlotMark.None)])];
        return Picture.Of(
            $"{prefix}plot-{unit}", char.ToUpperInvariant(unit[0]) + unit[1..] + " to the target", x, y,
            [perfect, .. fits, .. marks, .. keys], Picture.Narrow, Knee(x));
    }

    private Marker[] Knee(Axis x) => [.. _reached.Select(t => t.Fit).OfType<TradeOff>()
        .Where(f => f.Verdict is TradeOffVerdict.Fixed or TradeOffVerdict.Loose
            && x.Place(f.CriticalBatch.Value) is >= 0 and <= 1)
        .Take(1).Select(f => new Marker(
            f.CriticalBatch.Value, "critical batch " + Words.Number(f.CriticalBatch.Value), false))];

    private static PlotPoint Mark(Outcome outcome, SeedMean mean, double x, string unit) => new(
        x, mean.Mean, $"{outcome.Setting.Line}, batch {Words.Count(outcome.Setting.Batch)}, "
            + $"rate {Words.Number(outcome.Setting.PeakRate)}: {Words.With(mean, Words.Number)} {unit}",
        mean.Interval?.Low, mean.Interval?.High,
        outcome.ReachesTarget ? PlotMark.Full : PlotMark.Hollow);

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plots", "optimizer", "batch", "best rule", "rate", "steps to target",
            "examples to target", "seeds that reached it", "fitted steps");
        foreach ((TradeOffFindings one, Outcome o) in _reached.SelectMany(t => t.Best.Select(o => (t, o))))
        {
            table.Add(one.Optimizer, Words.Count(o.Setting.Batch), o.Setting.Rule,
                Words.Number(o.Setting.PeakRate),
                Words.Cell(o.StepsToTarget, Words.Count), Words.Cell(o.ExamplesToTarget, Words.Count),
                $"{o.Reached} of {o.Seeds}",
                one.Fit is { } fit ? Words.Number(fit.Steps(o.Setting.Batch)) : Words.None);
        }

        return table.Folded();
    }

    private string Nearest()
    {
        bool accuracy = TargetText.IsAccuracy(frame.Target);
        double scale = accuracy ? 100 : 1;
        (Outcome Outcome, SeedMean Best)[] measured = [.. found.Outcomes.Where(o => o.Nearest is not null)
            .Select(o => (o, o.Nearest!))];
        if (measured.Length == 0)
        {
            return "";
        }

        Axis x = Picture.Batches(measured.Select(m => m.Outcome.Setting.Batch), Picture.Wide);
        PlotLayer[] layers = [.. measured.GroupBy(m => m.Outcome.Setting.Line).Select((g, i) => new PlotLayer(
            g.Key, i, PlotLine.None, [.. g.Select(m => new PlotPoint(
                m.Outcome.Setting.Batch, scale * m.Best.Mean,
                $"{g.Key}, batch {Words.Count(m.Outcome.Setting.Batch)}: "
                    + Words.Number(scale * m.Best.Mean)))]))];
        PlotLayer target = Picture.Across("target", x, scale * frame.Target.Value);
        Axis y = Picture.Linear(
            accuracy ? "best validation accuracy, %" : "best validation loss", [.. layers, target]);
        var table = new Table("The numbers of the plot", "rule", "batch", "rate", "nearest to the target");
        foreach ((Outcome o, SeedMean best) in measured)
        {
            table.Add(o.Setting.Line, Words.Count(o.Setting.Batch), Words.Number(o.Setting.PeakRate),
                Words.Cell(best, v => accuracy ? Words.Percent(v) : Words.Number(v)));
        }

        return Picture.Of(
            prefix + "plot-nearest", "How near the runs came", x, y, [target, .. layers], Picture.Wide)
            + table.Folded();
    }
}
