using System.Globalization;
using System.Text;

namespace DistTrain.Runs.Charts;

/// <summary>
/// The plot's rectangle in the picture, the way from values to it, and the axes drawn around it.
/// </summary>
internal readonly record struct ChartFrame(
    double Left, double Top, double Width, double Height, Axis AxisX, Axis AxisY)
{
    public double Right => Left + Width;
    public double Bottom => Top + Height;

    // Far outside is as good as outside, and keeps the numbers in the file short.
    public double X(double value) => Left + Width * Math.Clamp(AxisX.Place(value), -1, 2);
    public double Y(double value) => Top + Height * (1 - Math.Clamp(AxisY.Place(value), -1, 2));

    public void AppendAxes(StringBuilder svg)
    {
        string foot = Number(Bottom);
        foreach (Tick tick in AxisY.Ticks)
        {
            string at = Number(Y(tick.Value));
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Number(Right)}\" y1=\"{at}\" y2=\"{at}\"/>")
                .Append($"<text class=\"tick end\" x=\"{Left - 8}\" y=\"{at}\" dy=\".32em\">")
                .Append(Encode(tick.Label)).Append("</text>");
        }

        foreach (Tick tick in AxisX.Ticks)
        {
            string at = Number(X(tick.Value));
            svg.Append(
                $"<line class=\"axis\" x1=\"{at}\" x2=\"{at}\" y1=\"{foot}\" y2=\"{Number(Bottom + 4)}\"/>")
                .Append($"<text class=\"tick mid\" x=\"{at}\" y=\"{Number(Bottom + 18)}\">")
                .Append(Encode(tick.Label)).Append("</text>");
        }

        svg.Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Number(Right)}\" y1=\"{foot}\" y2=\"{foot}\"/>")
            .Append($"<text class=\"title mid\" x=\"{Number(Left + Width / 2)}\" ")
            .Append($"y=\"{Number(Bottom + 38)}\">{Encode(AxisX.Title)}</text>")
            .Append($"<text class=\"title\" x=\"6\" y=\"10\">{Encode(AxisY.Title)}</text>");
    }

    public void AppendMarker(StringBuilder svg, Marker mark)
    {
        string at = Number(X(mark.X));
        string side = AxisX.Place(mark.X) > 0.5 ? "end" : "start";
        string textAt = Number(X(mark.X) + (side == "end" ? -5 : 5));
        double textY = mark.LabelBelow ? Bottom - 7 : Top + 9;
        svg.Append($"<line class=\"marker\" x1=\"{at}\" x2=\"{at}\" y1=\"{Number(Top)}\" ")
            .Append($"y2=\"{Number(Bottom)}\"/>")
            .Append($"<text class=\"mark {side}\" x=\"{textAt}\" y=\"{Number(textY)}\">")
            .Append(Encode(mark.Label)).Append("</text>");
    }

    public static string Encode(string text) => Markup.Encode(text);

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
