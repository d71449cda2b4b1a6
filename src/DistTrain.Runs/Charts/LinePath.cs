using System.Text;

namespace DistTrain.Runs.Charts;

/// <summary>A curve as the data of an SVG path; points that cannot be drawn break it.</summary>
internal static class LinePath
{
    public static string Of(IEnumerable<Point> points, ChartFrame frame)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach (Point point in points)
        {
            (double x, double y) = (frame.X(point.X), frame.Y(point.Y));
            bool finite = point.IsFinite && double.IsFinite(x) && double.IsFinite(y);
            if (finite)
            {
                path.Append(drawing ? 'L' : 'M').Append(ChartFrame.Number(x)).Append(' ')
                    .Append(ChartFrame.Number(y));
            }

            drawing = finite;
        }

        return path.ToString();
    }
}
