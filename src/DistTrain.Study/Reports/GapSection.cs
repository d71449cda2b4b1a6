using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;

namespace DistTrain.Study.Reports;

/// <summary>Do large batches learn the training set by heart?</summary>
internal sealed class GapSection(WorkloadFindings found, string prefix)
{
    private readonly Yardstick _yardstick = found.Yardstick;
    private readonly GapFindings[] _gaps = [.. found.Gaps];

    public Section Make()
    {
        var section = new Section(
            prefix + "gap", "Generalisation gap",
            "Do large batches do worse on new data than on the data they were trained on?", "");
        return _gaps.Length == 0
            ? section with
            {
                Answer = "This study cannot say: no run that came to its end has a result both on the "
                    + "training data and on other data.",
                Lacking = true,
            }
            : section with
            {
                Answer = Answer(),
                Body = Plot() + Numbers(),
                Reading = "The gap is what a model does better on its training data than on data it never "
                    + "saw (the test set, or else the validation set). A line that rises to the right would "
                    + "mean that large batches generalise worse. A gap below nought is common early on: "
                    + "training is measured while the model still learns, and with dropout or augmentation "
                    + "on.",
                Source = "Keskar et al. 2017, “On Large-Batch Training for Deep Learning”; Hoffer et al. "
                    + "2017, “Train longer, generalize better”.",
            };
    }

    private string Answer()
    {
        GapFindings? longest = _gaps.Where(g => g.Change is not null).MaxBy(g => g.Points.Count);
        if (longest?.Change is not { } change)
        {
            return $"The gap is {Text(_gaps[0].Points[0].Gap!.Mean)} at batch "
                + $"{Words.Count(_gaps[0].Points[0].Setting.Batch)}; there is no second batch to compare "
                + "with.";
        }

        string verdict = change.Interval switch
        {
            null => "with too few seeds to say whether that is more than chance",
            { Low: > 0 } => "so it grows with the batch",
            { High: < 0 } => "so it shrinks with the batch",
            _ => "which is not more than chance",
        };
        Outcome small = longest.Points[0], large = longest.Points[^1];
        return $"With {longest.Name}, the gap is {Text(small.Gap!.Mean)} at batch "
            + $"{Words.Count(small.Setting.Batch)} and {Text(large.Gap!.Mean)} at batch "
            + $"{Words.Count(large.Setting.Batch)}; it changes by {Words.With(change, Text)}, {verdict}.";
    }

    private string Text(double gap) => Words.Difference(_yardstick, gap);

    private string Plot()
    {
        double scale = _yardstick.IsAccuracy ? 100 : 1;
        Axis x = Picture.Batches(_gaps.SelectMany(g => g.Points).Select(o => o.Setting.Batch), Picture.Wide);
        PlotLayer[] layers = [.. _gaps.Select((g, i) => new PlotLayer(
            g.Name, i, PlotLine.Solid, [.. g.Points.Select(o => new PlotPoint(
                Picture.Aside(o.Setting.Batch, i, _gaps.Length), scale * o.Gap!.Mean,
                $"{g.Name}, batch {Words.Count(o.Setting.Batch)}: {Words.With(o.Gap, Text)}",
                scale * o.Gap.Interval?.Low, scale * o.Gap.Interval?.High))]))];
        Axis y = Picture.Linear(
            _yardstick.IsAccuracy ? "training less test accuracy, percentage points" : "test less training "
                + "loss",
            layers, include: 0);
        return Picture.Of(
            prefix + "plot-gap", "Generalisation gap against the batch", x, y,
            [Picture.Across("no gap", x, 0, PlotLine.Solid), .. layers], Picture.Wide);
    }

    private string Numbers()
    {
        var table = new Table("The numbers of the plot", "rule", "batch", "rate", "gap", "seeds");
        foreach ((GapFindings one, Outcome o) in _gaps.SelectMany(g => g.Points.Select(o => (g, o))))
        {
            table.Add(one.Name, Words.Count(o.Setting.Batch), Words.Number(o.Setting.PeakRate),
                Words.Cell(o.Gap, Text), Words.Count(o.Seeds));
        }

        return table.Folded();
    }
}
