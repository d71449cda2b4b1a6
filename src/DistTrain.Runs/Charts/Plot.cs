using System.Globalization;
using System.Text;

namespace DistTrain.Runs.Charts;

/// <summary>
/// A plot of several series with marks, error bars and lines as SVG, coloured by the page's style sheet:
/// classes <c>line</c>, <c>shape</c>, <c>hollow</c>, <c>cross</c>, <c>bar</c> with <c>h0</c> to <c>h7</c> or
/// <c>neutral</c>. Series differ in shape as well as in colour, for print and for eyes that do not tell
/// colours apart. It needs no script: values show in the browser's own tooltips.
/// </summary>
/// <param name="id">Unique on its page; ASCII letters, digits and dashes.</param>
/// <param name="name">What it shows, for those who hear the page.</param>
/// <param name="x">Horizontal axis.</param>
/// <param name="y">Vertical axis.</param>
/// <param name="layers">Drawn in this order.</param>
/// <param name="markers">Places on the x axis to point out.</param>
public sealed class Plot(
    string id, string name, Axis x, Axis y, IReadOnlyList<PlotLayer> layers, IReadOnlyList<Marker> markers)
{
    private const double Left = 70, Right = 18, Top = 30, Bottom = 46;

    /// <summary>Marks are bigger than those of a curve with many points.</summary>
    private const double MarkRadius = 4.5;

    /// <summary>The plot, as wide as its container; <paramref name="width"/> sets the proportions.</summary>
    public string Render(double width, double height)
    {
        var svg = new StringBuilder(4096);
        ChartFrame frame = new(Left, Top, width - Left - Right, height - Top - Bottom, x, y);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" ")
            .Append($"aria-label=\"{ChartFrame.Encode(name)}\"><title>{ChartFrame.Encode(name)}</title>")
            .Append($"<clipPath id=\"{id}\"><rect x=\"{Left - 6}\" y=\"{Top - 6}\" ")
            .Append($"width=\"{ChartFrame.Number(frame.Width + 12)}\" ")
            .Append($"height=\"{ChartFrame.Number(frame.Height + 12)}\"/></clipPath>");
        frame.AppendAxes(svg);
        foreach (Marker marker in markers)
        {
            frame.AppendMarker(svg, marker);
        }

        svg.Append($"<g clip-path=\"url(#{id})\">");
        foreach (PlotLayer layer in layers)
        {
            AppendLine(svg, frame, layer);
        }

        foreach (PlotLayer layer in layers)
        {
            AppendMarks(svg, frame, layer);
        }

        return svg.Append("</g></svg>").ToString();
    }

    /// <summary>A layer's sign for the legend.</summary>
    public static string Key(PlotLayer layer)
    {
        var svg = new StringBuilder("<svg class=\"sign\" viewBox=\"0 0 30 12\" aria-hidden=\"true\">");
        if (layer.Line != PlotLine.None)
        {
            svg.Append($"<path class=\"{LineClass(layer)}\" d=\"M2 6L28 6\"/>");
        }

        if (layer.Points.Any(p => p.Mark != PlotMark.None))
        {
            PlotMark[] looks = [.. layer.Points.Select(p => p.Mark).Distinct()];
            PlotMark look = looks.Length == 1 ? looks[0] : PlotMark.Full;
            svg.Append(PlotShape.Of(layer, look, 15, 6, MarkRadius)).Append("/>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static void AppendLine(StringBuilder svg, ChartFrame frame, PlotLayer layer)
    {
        string path = layer.Line == PlotLine.None ? ""
            : LinePath.Of(layer.Points.Select(p => new Point(p.X, p.Y)), frame);
        if (path.Length > 0)
        {
            svg.Append($"<path class=\"{LineClass(layer)}\" d=\"{path}\"/>");
        }
    }

    private static void AppendMarks(StringBuilder svg, ChartFrame frame, PlotLayer layer)
    {
        foreach (PlotPoint point in layer.Points)
        {
            (double px, double py) = (frame.X(point.X), frame.Y(point.Y));
            if (point.Mark == PlotMark.None || !double.IsFinite(px) || !double.IsFinite(py))
            {
                continue;
            }

            AppendBar(svg, frame, layer, point, px);
            svg.Append(PlotShape.Of(layer, point.Mark, px, py, MarkRadius))
                .Append($"><title>{ChartFrame.Encode(point.Text)}</title></path>");
        }
    }

    private static void AppendBar(
        StringBuilder svg, ChartFrame frame, PlotLayer layer, PlotPoint point, double px)
    {
        if (point is { Low: null, High: null })
        {
            return;
        }

        // What lies below a logarithmic axis's zero, or has no end, goes on beyond the plot's edge.
        double low = point.Low is { } l && double.IsFinite(frame.Y(l)) ? frame.Y(l) : frame.Bottom + 10;
        double high = point.High is { } h && double.IsFinite(frame.Y(h)) ? frame.Y(h) : frame.Top - 10;
        (string at, string a, string b) = (
            ChartFrame.Number(px), ChartFrame.Number(low), ChartFrame.Number(high));
        (string left, string right) = (ChartFrame.Number(px - 4), ChartFrame.Number(px + 4));
        svg.Append($"<path class=\"bar {layer.Style}\" d=\"M{at} {a}L{at} {b}")
            .Append($"M{left} {a}L{right} {a}M{left} {b}L{right} {b}\"/>");
    }

    private static string LineClass(PlotLayer layer)
        => $"line {layer.Style}{(layer.Line == PlotLine.Dashed ? " dashed" : "")}";
}
