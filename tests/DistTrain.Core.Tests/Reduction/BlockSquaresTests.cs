using DistTrain.Core.Reduction;

namespace DistTrain.Core.Tests.Reduction;

public sealed unsafe class BlockSquaresTests
{
    private delegate int Kernel(float* values, int length, double* lanes);

    [Fact]
    public void Every_vector_width_gives_the_bits_of_the_scalar_loop()
    {
        // Widths that this processor lacks run as their software fallback, which has the same bits to give.
        Kernel[] kernels =
            [BlockSquares.Accumulate128, BlockSquares.Accumulate256, BlockSquares.Accumulate512];
        foreach (int length in new[] { 0, 1, 15, 16, 17, 1000, 1024 })
        {
            float[] values = NaiveReduction.Values(length + 1, length);
            ulong[] expected = LanesOf(values, length, Scalar);
            foreach (Kernel kernel in kernels)
                LanesOf(values, length, kernel).ShouldBe(expected);
            LanesOf(values, length, Whole).ShouldBe(expected);
        }
    }

    [Fact]
    public void Lanes_are_folded_by_halves()
    {
        double[] values = [.. Enumerable.Range(0, 16).Select(lane => Math.Pow(1.37, lane * 5))];
        double even = (Pair(0) + Pair(4)) + (Pair(2) + Pair(6));
        double expected = even + ((Pair(1) + Pair(5)) + (Pair(3) + Pair(7)));
        fixed (double* lanes = values)
            BlockSquares.Fold(lanes).ShouldBe(expected);

        double Pair(int lane) => values[lane] + values[lane + 8];
    }

    private static ulong[] LanesOf(float[] values, int length, Kernel kernel)
    {
        double[] lanes = [.. Enumerable.Range(0, BlockSquares.Lanes).Select(lane => lane / 7.0)];
        fixed (float* first = values)
        fixed (double* sums = lanes)
        {
            int done = kernel(first, length, sums);
            BlockSquares.AccumulateScalar(first + done, length - done, sums);
        }
        return NaiveReduction.Bits(lanes);
    }

    private static int Scalar(float* values, int length, double* lanes) => 0;

    private static int Whole(float* values, int length, double* lanes)
    {
        BlockSquares.Accumulate(values, length, lanes);
        return length;
    }
}
