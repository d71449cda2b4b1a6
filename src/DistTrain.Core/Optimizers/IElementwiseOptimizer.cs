namespace DistTrain.Core.Optimizers;

/// <summary>
/// An optimizer that steps in one pass. Each element's result depends on that element alone and is computed
/// by the same IEEE operations in the same order wherever it stands, in a full vector or in the last few, on
/// any vector width, with no fused multiply-add. Hence any slicing gives the same bits as the whole.
/// </summary>
public interface IElementwiseOptimizer : IOptimizer
{
    /// <summary>Updates weights and state in place for one slice; the gradient is only read.</summary>
    /// <param name="step">Rate, scale and count.</param>
    /// <param name="weights">The slice's first weight.</param>
    /// <param name="gradient">The slice's first element of the summed gradient.</param>
    /// <param name="state0">The slice's first element of StateNames[0]; null where there is none.</param>
    /// <param name="state1">The slice's first element of StateNames[1]; null where there is none.</param>
    /// <param name="length">Elements in the slice.</param>
    unsafe void Step(
        in OptimizerStep step, float* weights, float* gradient, float* state0, float* state1, long length);
}
