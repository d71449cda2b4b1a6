using DistTrain.Core.Coordination;
using DistTrain.Core.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Schedules;

public sealed class AdaScaleGainTests
{
    [Theory]
    // tr Σ = 640 and |G|² = 5: (640/64 + 5) / (640/512 + 5) = 15/6.25
    [InlineData(640, 5, 2.4)]
    [InlineData(640, 0, 8)]
    [InlineData(0, 5, 1)]
    // A negative estimate counts as zero.
    [InlineData(640, -3, 8)]
    [InlineData(-640, 5, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(-1, -1, 1)]
    public void The_gain_is_the_ratio_of_expected_squares(double trace, double square, double gain)
        => AdaScaleGain.Of(Noise(trace, square), 64, 512).ShouldBe(gain, 1e-12);

    [Fact]
    public void Before_an_estimate_the_gain_is_one()
        => AdaScaleGain.Of(new NoiseScaleState(), 64, 512).ShouldBe(1);

    [Fact]
    public void The_start_up_correction_that_both_averages_lack_does_not_matter()
        => AdaScaleGain.Of(Noise(640 * 0.1, 5 * 0.1), 64, 512).ShouldBe(2.4, 1e-12);

    [Fact]
    public void It_lies_between_one_and_the_growth_of_the_batch_and_falls_with_the_gradient()
    {
        Gen<(int Trace, int Square, int Growth)> cases = Gen.Choose(0, 1_000_000)
            .SelectMany(trace => Gen.Choose(0, 1_000_000).SelectMany(
                square => Gen.Choose(1, 300).Select(growth => (trace, square, growth))));
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            double gain = AdaScaleGain.Of(Noise(one.Trace, one.Square), 7, 7 * one.Growth);
            gain.ShouldBeInRange(1, one.Growth);
            AdaScaleGain.Of(Noise(one.Trace, one.Square * 2.0), 7, 7 * one.Growth)
                .ShouldBeLessThanOrEqualTo(gain * (1 + 1e-12));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_batch_below_the_reference_is_refused()
        => Should.Throw<ArgumentOutOfRangeException>(() => AdaScaleGain.Of(Noise(1, 1), 64, 63));

    internal static NoiseScaleState Noise(double trace, double square)
        => new() { Steps = 3, TraceAverage = trace, SquareAverage = square };
}
