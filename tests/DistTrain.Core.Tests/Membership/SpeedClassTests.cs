using DistTrain.Core.Membership;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Membership;

public sealed class SpeedClassTests
{
    [Theory]
    [InlineData(10, new double[] { }, 10)]
    [InlineData(10, new[] { 11.0 }, 11)]
    [InlineData(10, new[] { 9.0 }, 9)]
    [InlineData(7.5, new[] { 10.0 }, 10)]
    [InlineData(7.4, new[] { 10.0 }, 7.4)]
    [InlineData(20, new[] { 10.0, 18 }, 18)]
    [InlineData(0, new[] { 10.0 }, 0)]
    [InlineData(0, new[] { 0.0 }, 0)]
    [InlineData(10, new[] { 8.0, 12.5 }, 12.5)]
    [InlineData(10, new[] { 12.5, 8.0 }, 12.5)]
    public void Known_classes(double speed, double[] classes, double expected)
        => SpeedClass.Of(speed, classes).ShouldBe(expected);

    [Fact]
    public void Equal_machines_measured_with_noise_all_count_with_one_speed()
    {
        Gen<double[]> noisy = Gen.Choose(880, 1120).Select(n => n / 100.0).ArrayOf();
        Prop.ForAll(noisy.ToArbitrary(), speeds =>
        {
            List<double> classes = [];
            foreach (double speed in speeds)
            {
                classes.Add(SpeedClass.Of(speed, classes));
            }
            classes.Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_node_never_counts_with_a_speed_far_from_its_own()
    {
        Gen<double> speeds = Gen.Choose(1, 10_000).Select(n => n / 10.0);
        Prop.ForAll(speeds.ToArbitrary(), speeds.ArrayOf().ToArbitrary(), (speed, classes) =>
        {
            double ratio = SpeedClass.Of(speed, classes) / speed;
            ratio.ShouldBeInRange(SpeedClass.Tolerance - 1e-9, 1 / SpeedClass.Tolerance + 1e-9);
        }).QuickCheckThrowOnFailure();
    }
}
