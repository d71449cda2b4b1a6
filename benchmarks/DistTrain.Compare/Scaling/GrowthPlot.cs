using System.Globalization;
using System.Net;
using DistTrain.Runs.Charts;

namespace DistTrain.Compare.Scaling;

/// <summary>Milliseconds a step over the number of workers, as a picture that stands alone.</summary>
internal static class GrowthPlot
{
    private const double Width = 720, Height = 360, LegendLeft = 84, LegendTop = 40, LegendLine = 18;

    private const string Style = """
        <style>
        svg { font: 12px system-ui, sans-serif; background: #fff; fill: #333; }
        .grid { stroke: #ddd; } .axis { stroke: #888; }
        .end { text-anchor: end; } .mid { text-anchor: middle; }
        .line { fill: none; stroke-width: 2; }
        .line.first { stroke: #1f6fb4; } .line.second { stroke: #c4512d; }
        .dot.first, .name.first { fill: #1f6fb4; } .dot.second, .name.second { fill: #c4512d; }
        @media (prefers-color-scheme: dark) {
          svg { background: #16181c; fill: #ccc; } .grid { stroke: #333; }
          .line.first { stroke: #6db3f2; } .line.second { stroke: #f0906c; }
          .dot.first, .name.first { fill: #6db3f2; } .dot.second, .name.second { fill: #f0906c; }
        }
        </style>
        """;

    /// <param name="curves">Milliseconds for each of <see cref="GrowthCase.Workers"/>.</param>
    public static string Render(IReadOnlyList<(GrowthCase Case, double[] Milliseconds)> curves)
    {
        int[] workers = [.. GrowthCase.Workers];
        var x = new Axis(
            "worker nodes", workers[0] / 1.1, workers[^1] * 1.1, IsLogarithmic: true,
            [.. workers.Select(count => new Tick(count, $"{count}"))]);
        double[] all = [.. curves.SelectMany(curve => curve.Milliseconds)];
        var y = Axis.ForLoss("milliseconds a step", all.Min(), all.Max(), 6);
        Series[] series = [.. curves.Select(curve => SeriesOf(curve.Case, curve.Milliseconds, workers))];
        string svg =
            new LineChart("step time over workers", x, y, series, marker: null).Render(Width, Height);
        int inside = svg.IndexOf('>') + 1;
        string opening = svg[..(inside - 1)].Replace("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"");
        string body = svg[inside..^"</svg>".Length];
        return $"{opening} width=\"{Width}\" height=\"{Height}\">\n{Style}\n{body}{Legend(series)}</svg>\n";
    }

    private static Series SeriesOf(GrowthCase one, double[] milliseconds, int[] workers) => new(
        one.Text, one.Style,
        [.. workers.Zip(milliseconds, (count, ms) => new Point(count, ms))], Dots: true,
        point => string.Create(
            CultureInfo.InvariantCulture, $"{one.Text}, {point.X:N0} workers: {point.Y:F2} ms"));

    private static string Legend(Series[] series) => string.Concat(series.Select((one, i)
        => $"<text class=\"name {one.Style}\" x=\"{LegendLeft}\" y=\"{LegendTop + i * LegendLine}\">"
            + $"{WebUtility.HtmlEncode(one.Name)}</text>"));
}
