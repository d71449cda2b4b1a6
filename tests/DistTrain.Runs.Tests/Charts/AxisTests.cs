using DistTrain.Runs.Charts;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Runs.Tests.Charts;

public sealed class AxisTests
{
    [Theory]
    [InlineData(1, 5, 0.2)]
    [InlineData(10, 5, 2)]
    [InlineData(12, 10, 1)]
    [InlineData(0.037, 5, 0.005)]
    [InlineData(7000, 6, 1000)]
    public void Steps_are_nice(double range, int count, double step)
        => NiceTicks.Step(range, count).ShouldBe(step, step * 1e-9);

    [Fact]
    public void Any_axis_holds_its_values_between_ticks_of_one_step()
        => Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), ArbMap.Default.ArbFor<NormalFloat>(), (a, b) =>
        {
            double min = Math.Min((double)a, (double)b), max = Math.Max((double)a, (double)b);
            if (max - min > 1e12 || (max > min && max - min < 1e-9 * Math.Max(Math.Abs(min), Math.Abs(max))))
            {
                return;
            }

            Axis axis = Axis.Linear("x", min, max, 5);
            axis.Ticks.Count.ShouldBeInRange(2, 12);
            axis.Place(min).ShouldBeInRange(-1e-6, 1);
            axis.Place(max).ShouldBeInRange(0, 1 + 1e-6);
            axis.Ticks.Select(t => t.Label).Distinct().Count().ShouldBe(axis.Ticks.Count);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.1, 2.9, false)]
    [InlineData(0.1, 3.1, true)]
    [InlineData(0, 3.1, false)]
    [InlineData(-1, 100, false)]
    public void A_loss_that_spans_more_than_thirtyfold_is_logarithmic(
        double min, double max, bool logarithmic)
    {
        Axis axis = Axis.ForLoss("loss", min, max, 5);
        axis.IsLogarithmic.ShouldBe(logarithmic);
        axis.Title.EndsWith("log scale").ShouldBe(logarithmic);
    }

    [Fact]
    public void A_logarithmic_axis_is_even_in_factors()
    {
        Axis axis = Axis.ForLoss("loss", 0.001, 10, 5);
        (axis.Place(0.1) - axis.Place(0.01)).ShouldBe(axis.Place(10) - axis.Place(1), 1e-12);
        axis.Ticks.Select(t => t.Label).ShouldBe(["0.001", "0.01", "0.1", "1", "10"]);
        double.IsNaN(axis.Place(0)).ShouldBeTrue();
        Axis.ForLoss("loss", 0.02, 2, 5).Ticks.Select(t => t.Label)
            .ShouldBe(["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]);
    }

    [Theory]
    [InlineData(1e-12, 1e12)]
    [InlineData(1e-300, 1e300)]
    [InlineData(5e-324, 1)]
    public void A_vast_range_has_few_ticks(double min, double max)
        => Axis.ForLoss("loss", min, max, 5).Ticks.Count.ShouldBeInRange(2, 12);

    [Fact]
    public void Percentages_never_leave_zero_to_hundred()
    {
        Axis axis = Axis.Percent("accuracy", 0.03, 0.999, 5);
        axis.Ticks.Select(t => t.Label).ShouldBe(["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        Axis flat = Axis.Percent("accuracy", 1, 1, 5);
        flat.Max.ShouldBe(1);
        flat.Min.ShouldBeLessThan(1);
    }

    [Fact]
    public void Whole_things_are_counted_in_whole_ticks()
    {
        Axis.Exact("epoch", 0, 5.4, 10).Ticks.Select(t => t.Label).ShouldBe(["0", "1", "2", "3", "4", "5"]);
        Axis.Exact("epoch", 0, 1, 4).Ticks.Select(t => t.Label)
            .ShouldBe(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    }
}
