using DistTrain.Runs.Charts;

namespace DistTrain.Study.Reports;

/// <summary>A plot with its caption and legend.</summary>
internal static class Picture
{
    public const double Wide = 900, Narrow = 480;

    /// <param name="id">Unique on the page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="width"><see cref="Wide"/>, or <see cref="Narrow"/> for one of two side by side.</param>
    public static string Of(
        string id, string caption, Axis x, Axis y, IReadOnlyList<PlotLayer> layers, double width,
        params IReadOnlyList<Marker> markers)
    {
        string legend = string.Concat(layers.Where(l => l.Name.Length > 0 && l.Points.Count > 0)
            .Select(l => $"<li>{Plot.Key(l)}{Markup.Encode(l.Name)}</li>"));
        string plot = new Plot(id, caption, x, y, layers, markers).Render(width, width == Wide ? 400 : 330);
        return $"<figure class=\"{(width == Wide ? "wide" : "narrow")}\">"
            + $"<figcaption><b>{Markup.Encode(caption)}</b><ul class=\"legend\">{legend}</ul></figcaption>"
            + $"<div class=\"plot\">{plot}</div></figure>";
    }

    /// <summary>Two plots side by side where the page is wide enough.</summary>
    public static string Pair(string first, string second) => $"<div class=\"pair\">{first}{second}</div>";

    /// <summary>An axis of the batches that occur.</summary>
    public static Axis Batches(IEnumerable<int> batches, double width)
        => OfCounts("global batch, samples, log scale", batches, width);

    public static Axis OfCounts(string title, IEnumerable<int> values, double width)
        => Axis.OfValues(
            title, [.. values.Distinct().Order().Select(v => (double)v)], width == Wide ? 12 : 7);

    /// <summary>A logarithmic axis around all that is positive in the layers, error bars included.</summary>
    public static Axis Logarithmic(string title, IEnumerable<PlotLayer> layers)
    {
        double[] values = [.. Values(layers).Where(v => v > 0)];
        return values.Length == 0
            ? Axis.Logarithmic(title, 1, 10)
            : Axis.Logarithmic(title + ", log scale", values.Min(), values.Max());
    }

    /// <summary>A linear axis around all that is in the layers, error bars included.</summary>
    public static Axis Linear(string title, IEnumerable<PlotLayer> layers, double? include = null)
    {
        double[] values = [.. Values(layers), .. include is { } v ? [v] : Array.Empty<double>()];
        return values.Length == 0
            ? Axis.Linear(title, 0, 1, 5) : Axis.Linear(title, values.Min(), values.Max(), 5);
    }

    /// <summary>A straight line without marks across an axis.</summary>
    public static PlotLayer Across(string name, Axis x, double y, PlotLine line = PlotLine.Dashed)
        => Curve(name, -1, line, x, _ => y, 2);

    /// <summary>A function without marks across an axis, even in the logarithm of x.</summary>
    public static PlotLayer Curve(
        string name, int hue, PlotLine line, Axis x, Func<double, double> y, int points = 60)
        => new(name, hue, line, [.. Enumerable.Range(0, points)
            .Select(i => x.Min * Math.Pow(x.Max / x.Min, i / (points - 1.0)))
            .Select(at => new PlotPoint(at, y(at), "", Mark: PlotMark.None))]);

    /// <summary>Moves a series a little aside, so that error bars at one batch do not lie on each
    /// other.</summary>
    public static double Aside(double x, int index, int count)
        => x * Math.Pow(1.035, index - (count - 1) / 2.0);

    private static IEnumerable<double> Values(IEnumerable<PlotLayer> layers) => layers
        .SelectMany(l => l.Points).SelectMany(p => new[] { p.Y, p.Low ?? p.Y, p.High ?? p.Y })
        .Where(double.IsFinite);
}
