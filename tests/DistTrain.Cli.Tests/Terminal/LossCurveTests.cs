using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class LossCurveTests
{
    [Fact]
    public void A_falling_loss_runs_from_the_top_left_to_the_bottom_right()
    {
        // Equal ratios are equal distances on a logarithmic axis: a straight line.
        CurvePoint[] train = [new(0, 8), new(1, 4), new(2, 2), new(3, 1)];
        Draw(train, [], columns: 15, rows: 3).ShouldBe(
        [
            " 8.0000 │⠑⢄",
            "        │  ⠑⢄",
            " 1.0000 │    ⠑⢄",
            "         loss: ⠤⠤ train",
        ]);
    }

    [Fact]
    public void Validation_is_marked_where_its_epochs_end()
    {
        CurvePoint[] train = [new(0, 8), new(3, 1)];
        CurvePoint[] validation = [new(1.5, 8), new(3, 2)];
        Draw(train, validation, columns: 15, rows: 3).ShouldBe(
        [
            " 8.0000 │⠑⢄ o",
            "        │  ⠑⢄ o",
            " 1.0000 │    ⠑⢄",
            "         loss: ⠤⠤ train  o validation",
        ]);
    }

    [Fact]
    public void The_scale_is_named_where_there_is_room()
    {
        Draw([new(0, 8), new(3, 1)], [], columns: 33, rows: 2)[^1].ShouldEndWith("train");
        Draw([new(0, 8), new(3, 1)], [], columns: 34, rows: 2)[^1].ShouldEndWith("train  log scale");
    }

    [Fact]
    public void A_loss_of_zero_or_below_makes_the_axis_linear()
    {
        CurvePoint[] train = [new(0, 1), new(3, -1)];
        Draw(train, [], columns: 15, rows: 3).ShouldBe(
        [
            " 1.0000 │⠑⢄",
            "        │  ⠑⢄",
            "-1.0000 │    ⠑⢄",
            "         loss: ⠤⠤ train",
        ]);
    }

    [Fact]
    public void A_loss_that_does_not_move_is_a_line_across()
    {
        CurvePoint[] train = [new(0, 2), new(1, 2)];
        Draw(train, [], columns: 13, rows: 2)[..2].ShouldBe([" 2.0000 │⣀⣀⣀⣀", " 2.0000 │"]);
    }

    [Theory]
    [InlineData(1, 80, 6)]
    [InlineData(2, 11, 6)]
    [InlineData(2, 80, 1)]
    public void Without_points_or_room_nothing_is_drawn(int points, int columns, int rows)
        => LossCurve.Render([.. Points(points)], [], columns, rows).ShouldBeEmpty();

    [Fact]
    public void No_line_is_wider_than_asked_for()
    {
        for (int columns = 39; columns < 90; columns++)
        {
            LossCurve.Render([.. Points(700)], [.. Points(10)], columns, 6)
                .ShouldAllBe(line => line.Width <= columns && line.Width == line.ToString().Length);
        }
    }

    private static IEnumerable<CurvePoint> Points(int count)
        => Enumerable.Range(0, count).Select(i => new CurvePoint(i, 1e-3 + Math.Abs(Math.Sin(i))));

    private static string[] Draw(CurvePoint[] train, CurvePoint[] validation, int columns, int rows)
        => [.. LossCurve.Render(train, validation, columns, rows).Select(line => line.ToString())];
}
