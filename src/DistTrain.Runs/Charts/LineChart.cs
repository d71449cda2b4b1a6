using System.Globalization;
using System.Net;
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
        Frame frame = new(Left, Top, width - Left - Right, height - Top - Bottom, x, y);
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" ")
            .Append($"aria-label=\"{Encode(name)}\"><clipPath id=\"{id}\">")
            .Append($"<rect x=\"{Left}\" y=\"{Top - 4}\" ")
            .Append($"width=\"{Number(frame.Width + 5)}\" height=\"{Number(frame.Height + 8)}\"/>")
            .Append("</clipPath>");
        AppendAxes(svg, frame);
        AppendMarker(svg, frame);
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

    private void AppendAxes(StringBuilder svg, Frame frame)
    {
        double bottom = frame.Top + frame.Height, right = frame.Left + frame.Width;
        string foot = Number(bottom);
        foreach (Tick tick in y.Ticks)
        {
            string at = Number(frame.Y(tick.Value));
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Number(right)}\" y1=\"{at}\" y2=\"{at}\"/>")
                .Append($"<text class=\"tick end\" x=\"{Left - 8}\" y=\"{at}\" dy=\".32em\">")
                .Append(Encode(tick.Label)).Append("</text>");
        }

        foreach (Tick tick in x.Ticks)
        {
            string at = Number(frame.X(tick.Value));
            svg.Append(
                $"<line class=\"axis\" x1=\"{at}\" x2=\"{at}\" y1=\"{foot}\" y2=\"{Number(bottom + 4)}\"/>")
                .Append($"<text class=\"tick mid\" x=\"{at}\" y=\"{Number(bottom + 18)}\">")
                .Append(Encode(tick.Label)).Append("</text>");
        }

        svg.Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Number(right)}\" y1=\"{foot}\" y2=\"{foot}\"/>")
            .Append($"<text class=\"title mid\" x=\"{Number(frame.Left + frame.Width / 2)}\" ")
            .Append($"y=\"{Number(bottom + 38)}\">{Encode(x.Title)}</text>")
            .Append($"<text class=\"title\" x=\"6\" y=\"10\">{Encode(y.Title)}</text>");
    }

    private void AppendMarker(StringBuilder svg, Frame frame)
    {
        if (marker is not { } mark)
        {
            return;
        }

        string at = Number(frame.X(mark.X));
        string side = x.Place(mark.X) > 0.5 ? "end" : "start";
        string textAt = Number(frame.X(mark.X) + (side == "end" ? -5 : 5));
        double textY = mark.LabelBelow ? frame.Top + frame.Height - 7 : frame.Top + 9;
        svg.Append($"<line class=\"marker\" x1=\"{at}\" x2=\"{at}\" y1=\"{Number(frame.Top)}\" ")
            .Append($"y2=\"{Number(frame.Top + frame.Height)}\"/>")
            .Append($"<text class=\"mark {side}\" x=\"{textAt}\" y=\"{Number(textY)}\">")
            .Append(Encode(mark.Label)).Append("</text>");
    }

    private static void AppendLine(StringBuilder svg, Frame frame, Series one)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (Point point in one.Points)
        {
            (double px, double py) = (frame.X(point.X), frame.Y(point.Y));
            bool finite = point.IsFinite && double.IsFinite(py);
            if (finite)
            {
                path.Append(drawing ? 'L' : 'M').Append(Number(px)).Append(' ').Append(Number(py));
            }

            drawing = finite;
        }

        if (path.Length > 0)
        {
            svg.Append($"<path class=\"line {one.Style}\" d=\"{path}\"/>");
        }
    }

    private static void AppendDots(StringBuilder svg, Frame frame, Series one)
    {
        foreach (Point point in one.Points.Where(p => p.IsFinite))
        {
            svg.Append($"<circle class=\"dot {one.Style}\" cx=\"{Number(frame.X(point.X))}\" ")
                .Append($"cy=\"{Number(frame.Y(point.Y))}\" r=\"3\">")
                .Append($"<title>{Encode(one.Describe(point))}</title></circle>");
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The plot's rectangle in the picture, and the way from values to it.</summary>
    private readonly record struct Frame(
        double Left, double Top, double Width, double Height, Axis AxisX, Axis AxisY)
    {
        // Far outside is as good as outside, and keeps the numbers in the file short.
        public double X(double value) => Left + Width * Math.Clamp(AxisX.Place(value), -1, 2);
        public double Y(double value) => Top + Height * (1 - Math.Clamp(AxisY.Place(value), -1, 2));
    }
}
