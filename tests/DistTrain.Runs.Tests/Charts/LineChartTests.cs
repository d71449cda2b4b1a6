using System.Xml.Linq;
using DistTrain.Runs.Charts;

namespace DistTrain.Runs.Tests.Charts;

public sealed class LineChartTests
{
    private static readonly XNamespace Html = XNamespace.None;

    [Fact]
    public void Points_lie_where_their_values_say()
    {
        XElement svg = Draw([new(0, 0), new(5, 5), new(10, 10)]);
        string path = svg.Descendants(Html + "path").Single().Attribute("d")!.Value;

        // 500 × 300 less the margins: x from 64 to 486, y from 256 (the bottom) to 26.
        path.ShouldBe("M64 256L275 141L486 26");
        svg.Descendants(Html + "circle").Count().ShouldBe(3);
    }

    [Fact]
    public void What_is_not_finite_breaks_the_line()
    {
        XElement svg = Draw(
            [new(0, 0), new(1, 1), new(2, double.NaN), new(3, 3), new(4, double.PositiveInfinity)]);
        string path = svg.Descendants(Html + "path").Single().Attribute("d")!.Value;
        string.Concat(path.Where(char.IsAsciiLetter)).ShouldBe("MLM");
        svg.Descendants(Html + "circle").Count().ShouldBe(3);
        svg.ToString().ShouldNotContain("NaN");
    }

    [Fact]
    public void Names_cannot_break_out_of_the_picture()
    {
        XElement svg = Draw([new(0, 1)], "</svg><script>");
        svg.Descendants(Html + "script").ShouldBeEmpty();
        svg.Attribute("aria-label")!.Value.ShouldBe("</svg><script>");
    }

    private static XElement Draw(Point[] points, string name = "x") => XElement.Parse(new LineChart(
        name, Axis.Exact("epoch", 0, 10, 5), Axis.Linear(name, 0, 10, 5),
        [new Series(name, "train", points, Dots: true, p => $"{name} {p.Y}")], new Marker(5, name, false))
            .Render(500, 300));
}
