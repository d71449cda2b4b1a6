using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Runs.Charts;

namespace DistTrain.Runs.Reports;

/// <summary>
/// The charts of a report, over one x axis so that they can be read one below the other: epochs, or
/// steps while no epoch is complete. Training means are drawn at the middle of their epoch, over which they
/// were taken; validation at its end, where it was measured.
/// </summary>
internal sealed class ReportCharts
{
    /// <summary>More dots than this would hide the curve they mark.</summary>
    private const int MostDots = 60;

    private readonly ReportContent _content;
    private readonly Axis _x;

    public ReportCharts(ReportContent content)
    {
        _content = content;
        bool inEpochs = content.Epochs.Count > 0;
        double last = inEpochs ? content.Epochs[^1].Epoch : 1;
        last = content.Steps.Count > 0 ? Math.Max(last, StepX(content.Steps[^1])) : last;
        _x = Axis.Exact(inEpochs ? "epoch" : "step", 0, last, 10);
    }

    /// <summary>Training and validation loss by epoch, over the noisy loss of the steps.</summary>
    public string Loss()
    {
        Series steps = new(
            "training, each step", _content.Epochs.Count > 0 ? "step" : "train",
            [.. _content.Steps.Select(s => new Point(StepX(s), s.Loss))], Dots: false, _ => "");
        Series train = OfEpochs(
            "training, mean of the epoch", "train", e => e.Train.Loss, Figures.Loss, place: -0.5);
        Series validation = OfValidations(metrics => metrics.Loss, Figures.Loss);
        (double Min, double Max)? range = Range(
            [.. Body(steps.Points), .. train.Points, .. validation.Points]);
        return Figure(
            "Loss", [steps, train, validation], range, (a, b) => Axis.ForLoss("loss", a, b, 6), (1000, 330));
    }

    /// <summary>Accuracy by epoch; empty for regression.</summary>
    public string Accuracy()
    {
        Series train = OfEpochs("training", "train", e => e.Train.Accuracy, Figures.Percent, place: -0.5);
        Series validation = OfValidations(metrics => metrics.Accuracy, Figures.Percent);
        return train.Points.Count + validation.Points.Count == 0
            ? ""
            : Figure(
                "Accuracy", [train, validation], Range([.. train.Points, .. validation.Points]),
                (a, b) => Axis.Percent("share classified rightly", a, b, 5), (500, 290));
    }

    /// <summary>The learning rate of every step.</summary>
    /// <param name="alone">Whether it has the page's whole width.</param>
    public string LearningRate(bool alone)
    {
        Point[] points = _content.Steps.Count > 0
            ? [.. _content.Steps.Select(s => new Point(StepX(s), s.LearningRate))]
            : [.. _content.Epochs.Select(e => new Point(e.Epoch, e.LearningRate))];
        Series rate = new("each step", "rate", points, Dots: points.Length == 1, p => Figures.Rate(p.Y));
        return Figure(
            "Learning rate", [rate], Range([.. points, new Point(0, 0)]),
            (a, b) => Axis.Linear("learning rate", a, b, 5), (alone ? 1000 : 500, 290), marked: false);
    }

    /// <summary>
    /// The smoothed noise scale of every step, with the batch beside it; empty while nothing is known of it.
    /// The first steps are left out: an average over a few of them scatters by its own size.
    /// </summary>
    /// <param name="batch">B; null: unknown, and not drawn.</param>
    public string NoiseScale(int? batch)
    {
        Point[] points = [.. _content.Steps
            .Where(s => s.Step >= NoiseVerdict.FewestEstimates && s.Noise?.Scale is not null)
            .Select(s => new Point(StepX(s), s.Noise!.Scale!.Value))];
        if (points.Length < 2)
        {
            return "";
        }

        Series scale = new("critical batch it predicts", "rate", points, Dots: false, _ => "");
        Point[] ends = batch is { } b ? [new Point(_x.Min, b), new Point(_x.Max, b)] : [];
        Series own = new("your batch", "valid", ends, Dots: false, _ => "");
        return Figure(
            "Noise scale", [scale, own], Range([.. Body(points), .. ends]),
            (low, high) => Axis.ForLoss("samples", low, high, 6), (1000, 290), marked: false);
    }

    private string Figure(
        string name, IReadOnlyList<Series> series, (double Min, double Max)? range,
        Func<double, double, Axis> axis, (double Width, double Height) size, bool marked = true)
    {
        Series[] drawn = [.. series.Where(s => s.Points.Any(p => p.IsFinite))];
        string keys = string.Concat(drawn.Select(s => $"<span class=\"key {s.Style}\">{s.Name}</span>"));
        string caption = $"<figcaption><h2>{name}</h2>{keys}</figcaption>";
        if (range is not { } r || drawn.Length == 0)
        {
            return $"<section><figure>{caption}<p class=\"note\">No finite value to "
                + $"draw.</p></figure></section>";
        }

        Marker? best = marked && _content.Best is { } b
            ? new Marker(b.Epoch, $"best: epoch {b.Epoch}", name == "Accuracy") : null;
        string picture = new LineChart(name, _x, axis(r.Min, r.Max), drawn, best)
            .Render(size.Width, size.Height);
        int broken = series.Sum(s => s.Points.Count(p => !p.IsFinite));
        string note = broken == 0
            ? ""
            : $"<p class=\"note\">Left out: {Figures.Counted(broken, "point")} without a finite value.</p>";
        string shape = size.Width > 800 ? " class=\"wide\"" : "";
        return $"<section><figure{shape}>{caption}{picture}</figure>{note}</section>";
    }

    private Series OfEpochs(
        string name, string style, Func<EpochMetrics, double?> pick, Func<double?, string> format,
        double place = 0)
    {
        Point[] points = [.. _content.Epochs.Where(e => pick(e) is not null)
            .Select(e => new Point(e.Epoch + place, pick(e)!.Value))];
        return new Series(
            name, style, points, Dots: points.Length <= MostDots,
            p => $"epoch {p.X - place}, {name}: {format(p.Y)}");
    }

    /// <summary>Validations at the ends of epochs and between them, each where it was taken.</summary>
    private Series OfValidations(Func<EvaluationMetrics, double?> pick, Func<double?, string> format)
    {
        Point[] points =
        [
            .. _content.Epochs.Where(e => e.Validation is not null)
                .Select(e => (X: (double)e.Epoch, Metrics: e.Validation!))
                .Concat(_content.Validations.Select(v => (X: _content.PlaceOf(v.Step), v.Metrics)))
                .Where(v => pick(v.Metrics) is not null)
                .OrderBy(v => v.X).DistinctBy(v => v.X)
                .Select(v => new Point(v.X, pick(v.Metrics)!.Value)),
        ];
        return new Series(
            "validation", "valid", points, Dots: points.Length <= MostDots,
            p => $"epoch {Math.Round(p.X, 2)}, validation: {format(p.Y)}");
    }

    /// <summary>A step's place is where its update leaves the weights.</summary>
    private double StepX(StepMetrics step) => _content.PlaceOf(step.Step + 1);

    private static (double Min, double Max)? Range(IEnumerable<Point> points)
    {
        double[] values = [.. points.Where(p => p.IsFinite).Select(p => p.Y)];
        return values.Length == 0 ? null : (values.Min(), values.Max());
    }

    /// <summary>
    /// All but the most extreme hundredth, so that one wild step does not flatten the curves.
    /// </summary>
    private static IEnumerable<Point> Body(IReadOnlyList<Point> points)
    {
        Point[] sorted = [.. points.Where(p => p.IsFinite).OrderBy(p => p.Y)];
        int cut = sorted.Length / 200;
        return sorted.Skip(cut).SkipLast(cut);
    }
}
