namespace DistTrain.Core.Reduction;

/// <summary>
/// The Euclidean norm of a gradient, from sums of squares per block, and what clipping makes of it.
/// </summary>
public static class GradientNorm
{
    /// <summary>Added to the norm before dividing by it, as PyTorch's clip_grad_norm_ does.</summary>
    private const double Guard = 1e-6;

    /// <summary>
    /// scale·√Σ squares, the blocks added in ascending order. Not finite if and only if an element of the
    /// gradient is not: the sign to skip the step.
    /// </summary>
    /// <param name="blockSquares">All blocks of the vector, in order.</param>
    /// <param name="scale">
    /// What the summed gradient is multiplied by: 1/B for the mean over the batch.
    /// </param>
    public static double FromBlocks(ReadOnlySpan<double> blockSquares, double scale)
    {
        double sum = 0;
        foreach (double squares in blockSquares)
            sum += squares;
        return Math.Sqrt(sum) * scale;
    }

    /// <summary>
    /// min(1, c / (‖g‖ + 10⁻⁶)): what the gradient is multiplied by so that its norm stays within c (Pascanu,
    /// Mikolov, Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1).
    /// </summary>
    /// <param name="clipNorm">c; null: clipping is off.</param>
    /// <param name="norm">‖g‖ of the mean gradient, finite.</param>
    public static double ClipFactor(double? clipNorm, double norm)
        => clipNorm is { } limit ? Math.Min(1, limit / (norm + Guard)) : 1;
}
