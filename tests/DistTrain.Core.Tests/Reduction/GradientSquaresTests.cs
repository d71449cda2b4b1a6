using DistTrain.Core.Reduction;

namespace DistTrain.Core.Tests.Reduction;

public sealed unsafe class GradientSquaresTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3 * 4096 + 17)]
    public void Blocks_are_added_in_ascending_order(int length)
    {
        float[] values = NaiveReduction.Values(length, 3);
        double expected = 0;
        foreach (double block in NaiveReduction.BlockSquares(values, length))
        {
            expected += block;
        }
        Sum(values, length).ShouldBe(expected);
    }

    [Fact]
    public void The_tail_of_buffers_is_left_out()
    {
        float[] values = [.. Enumerable.Repeat(2f, 5000), float.NaN, 100];
        Sum(values, 5000).ShouldBe(20_000);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void An_element_that_is_not_finite_shows(float value)
    {
        float[] values = [.. Enumerable.Repeat(1f, 5000), value];
        double.IsFinite(Sum(values, values.Length)).ShouldBeFalse();
        double.IsFinite(Sum([float.MaxValue, float.MaxValue], 2)).ShouldBeTrue();
    }

    private static double Sum(float[] values, int length)
    {
        fixed (float* first = values)
        {
            return GradientSquares.Sum(first, length);
        }
    }
}
