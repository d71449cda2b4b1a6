using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>Up to which batch does each rule keep the small batch's accuracy?</summary>
internal sealed class AccuracySection(StudyFrame frame, WorkloadFindings found, string prefix)
{
    private const string Question = "How large may the batch be before accuracy suffers?";

    private readonly Yardstick _yardstick = found.Yardstick;
    private readonly AccuracyFindings _accuracy = found.Accuracy;

    public Section Make()
    {
        var section = new Section(prefix + "accuracy", "Accuracy and batch", Question, Answer())
        {
            Reading = "A flat line means that a larger batch costs nothing in quality. Each mark is the mean "
                + "over seeds of the best setting of that rule at that batch; its bar is the 95 % interval "
                + "of that mean. The scale is logarithmic, so equal distances are equal factors of error. A "
                + "cross at the top is a batch where no seed came to its end, a hollow mark one where some "
                + "did not. “Kept” needs the whole interval of the difference to lie within the tolerance; "
                + "“on average” needs the mean alone.",
            Source = "Goyal et al. 2017, “Accurate, Large Minibatch SGD”, figure 1.",
            Lacking = _accuracy.Baseline is null,
        };
        return _accuracy.Lines.All(l => l.Points.All(p => p.Outcome.Score is null))
            ? section : section with { Body = Plot() + Verdicts() + Numbers() };
    }

    private string Answer()
    {
        if (_accuracy.Baseline is not { Score: { } score } baseline)
        {
            return "This study cannot say: no setting has runs that came to their end with a result to "
                + "compare.";
        }

        int[] larger = [.. _accuracy.Lines.SelectMany(l => l.Points).Select(p => p.Outcome.Setting.Batch)
            .Where(batch => batch > baseline.Setting.Batch)];
        AccuracyLine? farthest = _accuracy.Lines.Where(l => l.KeptUpTo > baseline.Setting.Batch)
            .OrderByDescending(l => l.KeptUpTo).ThenByDescending(l => l.ShownUpTo ?? 0).FirstOrDefault();
        string start = $"The baseline is {Words.With(score, v => Words.Score(_yardstick, v))} "
            + $"{_yardstick.Name} at batch {Words.Count(baseline.Setting.Batch)}. ";
        string within = $"within {Words.Tolerance(_yardstick, _accuracy.Tolerance)} of it";
        string answer = larger.Length == 0 ? "The study has no larger batch to compare with it."
            : farthest is null ? $"No rule stays {within} at the next larger batch."
            : $"{farthest.Name} stays {within} up to batch {Words.Count(farthest.KeptUpTo!.Value)}"
                + Certainty(farthest) + ".";
        return start + answer + (frame.Target.Stop
            ? " Mind that runs of this study end when they reach the target, so they all end near it." : "");
    }

    private static string Certainty(AccuracyLine line)
        => line.ShownUpTo == line.KeptUpTo ? ", beyond the scatter of its seeds"
            : line.ShownUpTo is { } shown ? $" on average (to {Words.Count(shown)} beyond the scatter of its "
                + "seeds)"
            : " on average; its seeds are too few or too scattered to be sure";

    /// <summary>
    /// As error and on a logarithmic scale: a loss of 0.2 points and a collapse must both be seen.
    /// </summary>
    private string Plot()
    {
        Axis x = Picture.Batches(
            _accuracy.Lines.SelectMany(l => l.Points).Select(p => p.Outcome.Setting.Batch), Picture.Wide);
        int count = _accuracy.Lines.Count;
        List<PlotLayer> layers = [.. _accuracy.Lines.Select((line, i) => new PlotLayer(
            line.Name, i, PlotLine.Solid, [.. line.Points.Where(p => p.Outcome.Score is not null)
                .Select(p => Mark(p, Picture.Aside(p.Outcome.Setting.Batch, i, count)))]))];
        if (_accuracy.Baseline?.Score is { } score)
        {
            double limit = score.Mean - _yardstick.Gain(_accuracy.Tolerance);
            layers.Insert(0, Picture.Across("baseline", x, Height(score.Mean), PlotLine.Solid));
            layers.Insert(1, Picture.Across("tolerance", x, Height(limit)));
        }

        Axis y = Picture.Logarithmic(
            _yardstick.IsAccuracy ? _yardstick.Name.Replace("accuracy", "error (100 % − accuracy)")
                : _yardstick.Name, layers);
        y = _yardstick.IsAccuracy
            ? y with { Ticks = [.. y.Ticks.Select(t => t with { Label = t.Label + " %" })] } : y;
        PlotPoint[] lost = [.. _accuracy.Lines.SelectMany((line, i) => line.Points
            .Where(p => p.Outcome.Score is null).Select(p => new PlotPoint(
                Picture.Aside(p.Outcome.Setting.Batch, i, count), y.Max,
                $"{line.Name}, batch {Words.Count(p.Outcome.Setting.Batch)}: no seed came to its end",
                Mark: PlotMark.Cross)))];
        layers.Add(new PlotLayer("no result", -1, PlotLine.None, lost));
        return Picture.Of(
            prefix + "plot-accuracy", "Error at the end against the batch", x, y, layers, Picture.Wide);
    }

    private PlotPoint Mark(AccuracyPoint point, double x)
    {
        Outcome outcome = point.Outcome;
        string text = $"{outcome.Setting.Line}, batch {Words.Count(outcome.Setting.Batch)}, "
            + $"rate {Words.Number(outcome.Setting.PeakRate)}: "
            + Words.With(outcome.Score!, v => Words.Score(_yardstick, v)) + ", "
            + Words.Counted(outcome.Seeds, "seed");
        double middle = Height(outcome.Score!.Mean);

        // A bar that reaches far beyond its fellows may run off the plot, but must not flatten it.
        double? Bound(double? value)
            => value is { } v && Height(v) / middle is > 0.33 and < 3 ? Height(v) : null;
        Fitting.Interval? range = outcome.Score!.Interval;
        (double? a, double? b) = (Bound(range?.Low), Bound(range?.High));
        return new PlotPoint(
            x, middle, text, _yardstick.IsAccuracy ? b : a, _yardstick.IsAccuracy ? a : b,
            outcome.IsSound ? PlotMark.Full : PlotMark.Hollow);
    }

    /// <summary>Error in per cent, kept above nought for the logarithm's sake; a loss as it is.</summary>
    private double Height(double score)
        => _yardstick.IsAccuracy ? 100 * Math.Clamp(1 - score, 1e-4, 1) : score;

    private string Verdicts()
    {
        var table = new Table(
            "Up to which batch each rule keeps it", "rule", "kept on average up to", "kept for sure up to",
            "lost for sure from");
        foreach (AccuracyLine line in _accuracy.Lines)
        {
            string Batch(int? batch, string none) => batch is { } b ? Words.Count(b) : none;
            table.Add(line.Name, Batch(line.KeptUpTo, "not kept"), Batch(line.ShownUpTo, "not shown"),
                Batch(line.LostFrom, "not shown"));
        }

        return table.Folded(open: true);
    }

    private string Numbers()
    {
        var table = new Table(
            "The numbers of the plot", "rule", "batch", "rate", _yardstick.Name, "test", "worse than "
                + "baseline by",
            "seeds", "verdict");
        foreach (AccuracyPoint point in _accuracy.Lines.SelectMany(l => l.Points))
        {
            Outcome o = point.Outcome;
            table.AddRow(
                o.IsSound ? "" : "bad", o.Setting.Line, Words.Count(o.Setting.Batch),
                Words.Number(o.Setting.PeakRate),
                Words.Cell(o.Score, v => Words.Score(_yardstick, v)),
                Words.Cell(o.Test, v => Words.Score(_yardstick, v)),
                point.Shortfall is { } s ? Words.Worse(_yardstick, s.Value) : Words.None,
                Words.Count(o.Seeds), Verdict(point));
        }

        return table.Folded();
    }

    private static string Verdict(AccuracyPoint point) => point.Keeping switch
    {
        Keeping.Kept => "kept",
        Keeping.KeptOnAverage => "kept on average, not sure",
        Keeping.ShortOnAverage => "short on average, not sure",
        _ when !point.Outcome.IsSound => "lost: " + Standing.Of(point.Outcome),
        _ => "lost",
    };
}
