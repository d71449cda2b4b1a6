using DistTrain.Core.Reduction;

namespace DistTrain.Core.Tests.Reduction;

public sealed class GradientNormTests
{
    [Fact]
    public void The_norm_is_the_scaled_root_of_the_sum()
        => GradientNorm.FromBlocks([9, 7, 0, 9], 0.5).ShouldBe(2.5);

    [Fact]
    public void Blocks_are_added_in_ascending_order()
    {
        GradientNorm.FromBlocks([1e300, 1, 1], 1).ShouldBe(Math.Sqrt(1e300));
        double[] tiny = [.. Enumerable.Repeat(1e-17, 1000)];
        GradientNorm.FromBlocks([.. tiny, 1], 1).ShouldBe(Math.Sqrt(1 + 1e-14), 1e-16);
        GradientNorm.FromBlocks([1, .. tiny], 1).ShouldBe(1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_block_that_is_not_finite_shows_in_the_norm(double square)
        => double.IsFinite(GradientNorm.FromBlocks([1, square, 1], 1e-3)).ShouldBeFalse();

    [Theory]
    [InlineData(1.0, 0.5, 1.0)]
    [InlineData(1.0, 1.0, 0.999999000001)]
    [InlineData(1.0, 4.0, 0.2499999375)]
    [InlineData(2.0, 0.0, 1.0)]
    public void Clipping_scales_a_norm_above_the_limit_down_to_it(double limit, double norm, double factor)
        => GradientNorm.ClipFactor(limit, norm).ShouldBe(factor, 1e-12);

    [Fact]
    public void Without_a_limit_nothing_is_clipped() => GradientNorm.ClipFactor(null, 1e30).ShouldBe(1);
}
