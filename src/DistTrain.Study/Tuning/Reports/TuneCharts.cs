using System.Globalization;
using System.Net;
using System.Text;
using DistTrain.Runs.Charts;
using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Reports;

/// <summary>The pictures of a search.</summary>
/// <param name="space">What was searched.</param>
/// <param name="objective">The metric.</param>
/// <param name="trials">Those that were run; at least one has a value.</param>
internal sealed class TuneCharts(SearchSpace space, Objective objective, IReadOnlyList<Trial> trials)
{
    private const int Top = 5;

    private readonly Trial[] _valued = [.. trials.Where(t => t.Value is not null).OrderBy(t => t.Index)];

    /// <summary>Every trial's value, and the best one so far.</summary>
    public string Progress()
    {
        double cost = double.PositiveInfinity;
        var best = new List<Point>();
        foreach (Trial trial in _valued)
        {
            cost = Math.Min(cost, objective.CostOf(trial.Value));
            best.Add(new Point(trial.Index, objective.IsAccuracy ? -cost : cost));
        }

        var x = Axis.Exact("trial", 0, Math.Max(1, trials.Max(t => t.Index)), 10);
        return Section("The search", "<span class=\"key trial\">trial</span>"
            + "<span class=\"key given-up\">given up</span><span class=\"key best\">best so far</span>",
            new LineChart("Trials in their order", x, ValueAxis(6),
            [
                new Series("best so far", "best", best, Dots: false, p => objective.Show(p.Y)),
                .. Dots(t => t.Index),
            ], marker: null).Render(960, 300));
    }

    /// <summary>The value over each field.</summary>
    public string Scatters() => string.Concat(space.Dimensions.Select((dimension, d) => Section(
        WebUtility.HtmlEncode(dimension.Path), "",
        new LineChart("Value over " + dimension.Path, AxisOf(dimension), ValueAxis(4),
            Dots(t => t.Values[d] is null ? double.NaN : Place(dimension, t.Point[d])), marker: null)
            .Render(460, 260))));

    /// <summary>Every trial as a strand over all fields; the best few stand out.</summary>
    public string Parallel(Trial best)
    {
        const double Width = 960, Height = 300, Left = 60, Above = 30, Below = 30;
        int axes = space.Dimensions.Count + 1;
        double gap = (Width - 2 * Left) / Math.Max(1, axes - 1);
        double low = _valued.Min(t => t.Value!.Value), high = _valued.Max(t => t.Value!.Value);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" ")
            .Append("aria-label=\"Trials over all fields\">");
        for (int a = 0; a < axes; a++)
        {
            string name = a < axes - 1 ? space.Dimensions[a].Path : objective.Name;
            (string first, string last) = a < axes - 1
                ? (TrialTable.Plain(space.Dimensions[a].ValueAt(0))!,
                    TrialTable.Plain(space.Dimensions[a].ValueAt(1 - 1e-12))!)
                : (objective.Show(low), objective.Show(high));
            string at = Number(Left + a * gap);
            svg.Append($"<line class=\"axis\" x1=\"{at}\" x2=\"{at}\" y1=\"{Above}\" ")
                .Append($"y2=\"{Height - Below}\"/>")
                .Append(Text(at, 12, name)).Append(Text(at, Above - 5, last))
                .Append(Text(at, Height - Below + 14, first));
        }

        HashSet<int> top = [.. _valued.OrderBy(t => objective.CostOf(t.Value)).Take(Top)
            .Select(t => t.Index)];
        foreach (Trial trial in _valued.OrderBy(t => top.Contains(t.Index)))
        {
            double share = high > low ? (trial.Value!.Value - low) / (high - low) : 0.5;
            IEnumerable<(int Axis, double Y)> places = trial.Point
                .Select((u, a) => (Axis: a, Y: u, HasPart: trial.Values[a] is not null))
                .Where(p => p.HasPart).Select(p => (p.Axis, p.Y)).Append((axes - 1, share));
            string points = string.Join(' ', places.Select(p =>
                Number(Left + p.Axis * gap) + "," + Number(Height - Below - p.Y * (Height - Above - Below))));
            svg.Append($"<polyline class=\"strand{(top.Contains(trial.Index) ? " top" : "")}\" ")
                .Append($"points=\"{points}\"><title>trial {trial.Index}: ")
                .Append(WebUtility.HtmlEncode(objective.Show(trial.Value))).Append("</title></polyline>");
        }

        return Section($"All fields at once; the {Math.Min(Top, _valued.Length)} best in green, trial "
            + $"{best.Index} first of all", "", svg.Append("</svg>").ToString());
    }

    private static string Text(string x, double y, string text)
        => $"<text class=\"mid\" x=\"{x}\" y=\"{Number(y)}\">{WebUtility.HtmlEncode(text)}</text>";

    private static string Section(string title, string keys, string chart)
        => $"<section><figure><figcaption><h2>{title}</h2>{keys}</figcaption>{chart}</figure></section>\n";

    private Series[] Dots(Func<Trial, double> x)
    {
        return [Of("trial", "trial", TrialStatus.Completed), Of("given up", "given-up", TrialStatus.GivenUp)];

        Series Of(string name, string style, TrialStatus status) => new(
            name, style,
            [.. _valued.Where(t => t.Status == status).Select(t => new Point(x(t), t.Value!.Value))],
            Dots: true, p => objective.Show(p.Y));
    }

    private Axis ValueAxis(int ticks)
    {
        double low = _valued.Min(t => t.Value!.Value), high = _valued.Max(t => t.Value!.Value);
        return objective.IsAccuracy
            ? Axis.Percent(objective.Name, low, high, ticks)
            : Axis.ForLoss(objective.Name, low, high, ticks);
    }

    private static Axis AxisOf(Dimension dimension) => dimension switch
    {
        NumberDimension { IsLogarithmic: true } n => new Axis(
            "log scale", n.From, n.To, IsLogarithmic: true,
            [.. NiceTicks.Logarithmic(n.From, n.To).Select(v => new Tick(v, NiceTicks.Label(v, v)))]),
        NumberDimension n => Axis.Exact("", n.From, n.To, 5),
        WholeDimension w => Axis.Exact("", w.From, w.To, 5),
        ChoiceDimension c => new Axis("", 0, 1, IsLogarithmic: false, [.. c.Values.Select(
            (value, i) => new Tick((i + 0.5) / c.Values.Count, TrialTable.Plain(value)!))]),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    private static double Place(Dimension dimension, double coordinate)
        => dimension is ChoiceDimension
            ? coordinate
            : double.Parse(dimension.ValueAt(coordinate), CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
