using static DistTrain.Runs.Charts.ChartFrame;

namespace DistTrain.Runs.Charts;

/// <summary>The marks of a plot: circle, square, diamond and triangle by turns, of about equal
/// area.</summary>
internal static class PlotShape
{
    private const int Shapes = 4;

    /// <summary>An SVG path left open, for its title or its end.</summary>
    public static string Of(PlotLayer layer, PlotMark look, double x, double y, double radius)
    {
        string path = (look == PlotMark.Cross ? -1 : Math.Max(0, layer.Hue) % Shapes) switch
        {
            -1 => Cross(x, y, radius * 0.9),
            0 => Circle(x, y, radius),
            1 => Polygon(x, y, radius * 0.88, [(-1, -1), (1, -1), (1, 1), (-1, 1)]),
            2 => Polygon(x, y, radius * 1.28, [(0, -1), (1, 0), (0, 1), (-1, 0)]),
            _ => Polygon(x, y, radius * 1.2, [(0, -1), (1, 0.8), (-1, 0.8)]),
        };
        string name = look switch { PlotMark.Cross => "cross", PlotMark.Hollow => "hollow", _ => "shape" };
        return $"<path class=\"{name} {layer.Style}\" d=\"{path}\"";
    }

    private static string Circle(double x, double y, double r)
        => $"M{Number(x - r)} {Number(y)}a{Number(r)} {Number(r)} 0 1 0 {Number(2 * r)} 0"
            + $"a{Number(r)} {Number(r)} 0 1 0 {Number(-2 * r)} 0z";

    private static string Cross(double x, double y, double r)
        => $"M{Number(x - r)} {Number(y - r)}L{Number(x + r)} {Number(y + r)}"
            + $"M{Number(x - r)} {Number(y + r)}L{Number(x + r)} {Number(y - r)}";

    private static string Polygon(double x, double y, double r, ReadOnlySpan<(double X, double Y)> corners)
    {
        string path = "M";
        foreach ((double cx, double cy) in corners)
        {
            path += (path.Length > 1 ? "L" : "") + $"{Number(x + r * cx)} {Number(y + r * cy)}";
        }

        return path + "z";
    }
}
