using System.Globalization;
using System.Text;

namespace DistTrain.Runs.Charts;

/// <summary>
/// A line chart as SVG that takes its colours from the page's style sheet: classes <c>grid</c>, <c>tick</c>,
/// <c>axis</c>, <c>line</c>, <c>dot</c>, <c>marker</c>, and one per series. It needs no script: values show
/// in the browser's own tooltips.
/// </summary>
internal sealed class LineChart(string name, Axis x, Axis y, IReadOnlyList<Series> series, Marker? marker)
{
    private const double Left = 64, Right = 14, Top = 26, Bottom = 44;

    /// <summary>The chart, as wide as its container; <paramref name="width"/> sets the proportions.</summary>
    public string Render(double width, double height)
    {
        var svg = new StringBuilder(4096);
        string id = "plot-" + string.Concat(name.Where(char.IsAsciiLetterOrDigit));
        ChartFrame frame = new(Left, Top, width - Left - Right, height - Top - Bottom, x, y);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" ")
            .Append($"aria-label=\"{ChartFrame.Encode(name)}\"><clipPath id=\"{id}\">")
            .Append($"<rect x=\"{Left}\" y=\"{Top - 4}\" width=\"{ChartFrame.Number(frame.Width + 5)}\" ")
            .Append($"height=\"{ChartFrame.Number(frame.Height + 8)}\"/>")
            .Append("</clipPath>");
        frame.AppendAxes(svg);
        if (marker is { } mark)
        {
            frame.AppendMarker(svg, mark);
        }

        svg.Append($"<g clip-path=\"url(#{id})\">");
        foreach (Series one in series)
        {
            AppendLine(svg, frame, one);
        }

        foreach (Series one in series.Where(s => s.Dots))
        {
            AppendDots(svg, frame, one);
        }

        return svg.Append("</g></svg>").ToString();
    }

    private static void AppendLine(StringBuilder svg, ChartFrame frame, Series one)
    {
        string path = LinePath.Of(one.Points, frame);
        if (path.Length > 0)
        {
            svg.Append($"<path class=\"line {one.Style}\" d=\"{path}\"/>");
        }
    }

    private static void AppendDots(StringBuilder svg, ChartFrame frame, Series one)
    {
        foreach (Point point in one.Points.Where(p => p.IsFinite))
        {
            svg.Append($"<circle class=\"dot {one.Style}\" cx=\"{ChartFrame.Number(frame.X(point.X))}\" ")
                .Append($"cy=\"{ChartFrame.Number(frame.Y(point.Y))}\" r=\"3\">")
                .Append($"<title>{ChartFrame.Encode(one.Describe(point))}</title></circle>");
        }
    }
}
