using System.Xml.Linq;
using DistTrain.Runs.Charts;

namespace DistTrain.Runs.Tests.Charts;

public sealed class PlotTests
{
    [Fact]
    public void Marks_bars_and_lines_lie_where_their_values_say()
    {
        XElement svg = Draw(new PlotLayer("a", 1, PlotLine.Dashed, [
            new(1, 1, "low"), new(10, 10, "middle", 1, 100, PlotMark.Hollow),
            new(100, 100, "high", Mark: PlotMark.Cross)]));

        // 500 × 300 less the margins: x from 70 to 482, y from 254 (the bottom) to 30.
        Paths(svg, "line h1 dashed").ShouldBe(["M70 254L276 142L482 30"]);
        Paths(svg, "bar h1").ShouldBe(["M276 254L276 30M272 254L280 254M272 30L280 30"]);
        Paths(svg, "shape h1").Length.ShouldBe(1);
        Paths(svg, "hollow h1").Length.ShouldBe(1);
        Paths(svg, "cross h1").Length.ShouldBe(1);
        svg.Descendants("title").Select(t => t.Value).ShouldBe(["name", "low", "middle", "high"]);
    }

    [Fact]
    public void A_bar_without_an_end_runs_off_the_plot()
        => Paths(Draw(new PlotLayer("a", 0, PlotLine.None, [new(10, 10, "", Low: 1)])), "bar h0").Single()
            .ShouldStartWith("M276 254L276 20");

    [Fact]
    public void What_a_logarithm_cannot_show_is_left_out()
    {
        XElement svg = Draw(new PlotLayer("a", 0, PlotLine.Solid, [
            new(1, 1, ""), new(10, 0, ""), new(10, double.NaN, ""), new(100, 100, "")]));
        Paths(svg, "line h0").ShouldBe(["M70 254M482 30"]);
        Paths(svg, "shape h0").Length.ShouldBe(2);
        svg.ToString().ShouldNotContain("NaN");
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        const string hostile = "</svg><script>\u0001\uD800";
        XElement svg = XElement.Parse(new Plot(
            "p", hostile, Axis.Exact(hostile, 0, 1, 2), Axis.Exact(hostile, 0, 1, 2),
            [new PlotLayer(hostile, 0, PlotLine.None, [new(1, 1, hostile)])], [new Marker(1, hostile, false)])
            .Render(500, 300));
        svg.Descendants("script").ShouldBeEmpty();
    }

    [Fact]
    public void Values_that_occur_have_ticks_as_far_as_there_is_room()
    {
        double[] batches = [.. Enumerable.Range(5, 10).Select(i => Math.Pow(2, i))];
        Axis.OfValues("batch", batches, 12).Ticks.Select(t => t.Value).ShouldBe(batches);
        Axis.OfValues("batch", batches, 6).Ticks.Count.ShouldBeInRange(4, 6);
        Axis.OfValues("batch", [64], 6).Ticks.Single().Label.ShouldBe("64");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(300, 450)]
    [InlineData(0.9, 1.1)]
    [InlineData(1e-3, 1e6)]
    public void A_logarithmic_axis_of_any_span_has_ticks(double min, double max)
    {
        Axis axis = Axis.Logarithmic("x", min, max);
        axis.Ticks.Count.ShouldBeInRange(2, 12);
        axis.Place(min).ShouldBeInRange(0, 0.51);
        axis.Place(max).ShouldBeInRange(0.49, 1);
    }

    private static XElement Draw(PlotLayer layer) => XElement.Parse(new Plot(
        "p", "name", new Axis("x", 1, 100, true, []), new Axis("y", 1, 100, true, []), [layer], [])
        .Render(500, 300));

    private static string[] Paths(XElement svg, string style) => [.. svg.Descendants("path")
        .Where(p => (string?)p.Attribute("class") == style).Select(p => p.Attribute("d")!.Value)];
}
