namespace DistTrain.Core.Reduction;

/// <summary>
/// |v|² of one buffer in an order that is part of the definition: blocks of
/// <see cref="TreeReduction.BlockLength"/> elements, each summed as <see cref="BlockSquares"/> says, the
/// blocks added in ascending order. Every machine gets the same bits.
/// </summary>
public static unsafe class GradientSquares
{
    /// <param name="values">Element 0.</param>
    /// <param name="length">Elements: a gradient's without the tail of buffer changes.</param>
    /// <returns>Not finite if and only if an element is not.</returns>
    public static double Sum(float* values, long length)
    {
        double* lanes = stackalloc double[BlockSquares.Lanes];
        double sum = 0;
        for (long at = 0; at < length; at += TreeReduction.BlockLength)
        {
            new Span<double>(lanes, BlockSquares.Lanes).Clear();
            int elements = (int)Math.Min(TreeReduction.BlockLength, length - at);
            BlockSquares.Accumulate(values + at, elements, lanes);
            sum += BlockSquares.Fold(lanes);
        }
        return sum;
    }
}
