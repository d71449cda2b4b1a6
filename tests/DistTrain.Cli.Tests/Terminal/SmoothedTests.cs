using DistTrain.Cli.Terminal;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Cli.Tests.Terminal;

public class SmoothedTests
{
    [Fact]
    public void There_is_no_value_before_the_first() => new Smoothed(10).Value.ShouldBeNull();

    [Fact]
    public void The_average_of_equal_values_is_that_value_from_the_first_on()
    {
        var smoothed = new Smoothed(20);
        for (int i = 0; i < 50; i++)
        {
            smoothed.Add(2.5);
            smoothed.Value!.Value.ShouldBe(2.5, 1e-12);
        }
    }

    [Fact]
    public void Values_that_are_not_finite_are_passed_over()
    {
        var smoothed = new Smoothed(10);
        smoothed.Add(1);
        smoothed.Add(double.NaN);
        smoothed.Add(double.PositiveInfinity);
        smoothed.Value!.Value.ShouldBe(1, 1e-12);
    }

    [Fact]
    public void It_is_the_mean_weighted_by_powers_of_the_decay() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<int>>(), sample =>
        {
            int[] values = sample.Get;
            var smoothed = new Smoothed(4);
            foreach (int value in values)
            {
                smoothed.Add(value);
            }

            double[] weights = [.. values.Select((_, i) => Math.Pow(0.75, values.Length - 1 - i))];
            double expected = values.Zip(weights, (v, w) => v * w).Sum() / weights.Sum();
            smoothed.Value!.Value.ShouldBe(expected, 1e-9 * (1 + values.Max(v => Math.Abs((double)v))));
        }).QuickCheckThrowOnFailure();
}
