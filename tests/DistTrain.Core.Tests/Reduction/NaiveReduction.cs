using DistTrain.Core.Memory;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Reduction;

/// <summary>
/// The deliberately naive model: recursion over the tree, one whole array per node, scalar arithmetic.
/// </summary>
internal static class NaiveReduction
{
    /// <summary>The sum below a node; null where nothing is held.</summary>
    internal static float[]? Sum(ReductionTree tree, ShardRange node, Func<ShardRange, float[]?> held)
    {
        if (held(node) is { } values)
            return values;
        if (node.Count == 1)
            return null;
        (ShardRange left, ShardRange right) = tree.Split(node);
        float[]? a = Sum(tree, left, held), b = Sum(tree, right, held);
        if (a is null || b is null)
            return a ?? b;
        return [.. a.Zip(b, (x, y) => x + y)];
    }

    /// <summary>The definition, lane by lane: sixteen interleaved sums, folded by halves.</summary>
    internal static double[] BlockSquares(float[] values, long normLength)
        => [.. values.Chunk(TreeReduction.BlockLength).Select((block, index) =>
        {
            double[] lanes = new double[16];
            for (int i = 0; i < block.Length; i++)
            {
                if ((long)index * TreeReduction.BlockLength + i < normLength)
                    lanes[i % 16] += (double)block[i] * block[i];
            }
            for (int half = 8; half > 0; half /= 2)
            {
                for (int lane = 0; lane < half; lane++)
                    lanes[lane] += lanes[lane + half];
            }
            return lanes[0];
        })];

    /// <summary>
    /// Values of widely different sizes and both signs, so that every order of adding rounds otherwise.
    /// </summary>
    internal static float[] Values(int length, int seed)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 5)));
        return values;
    }

    internal static NativeBuffer<float> Buffer(float[] values)
    {
        NativeBuffer<float> buffer = new(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }

    internal static uint[] Bits(IEnumerable<float> values)
        => [.. values.Select(BitConverter.SingleToUInt32Bits)];

    internal static ulong[] Bits(IEnumerable<double> values)
        => [.. values.Select(BitConverter.DoubleToUInt64Bits)];
}
