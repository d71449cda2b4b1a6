namespace DistTrain.Core.Optimizers;

/// <summary>What one update depends on besides tensors.</summary>
/// <param name="LearningRate">η of this step, scaling rule and schedule applied.</param>
/// <param name="GradientScale">
/// Multiplies the summed gradient: 1/B for the mean over the batch, times the clip factor.
/// </param>
/// <param name="AppliedSteps">
/// Updates applied, this one included and skipped ones not: Adam's t, from 1.
/// </param>
public readonly record struct OptimizerStep(double LearningRate, float GradientScale, long AppliedSteps);

/// <summary>
/// An update rule on flat buffers. It holds settings and no tensors: weights, gradient and state belong to
/// the aggregator, which may step slices of them on many threads or nodes.
/// <para>
/// Each element's result depends on that element alone and is computed by the same IEEE operations in the
/// same order wherever it stands, in a full vector or in the last few, on any vector width, with no fused
/// multiply-add. Hence any slicing gives the same bits as the whole.
/// </para>
/// </summary>
public interface IOptimizer
{
    /// <summary>
    /// Names of the state vectors, each as long as the parameters, zero before the first step; PyTorch's
    /// names, at most two. They go into checkpoints.
    /// </summary>
    IReadOnlyList<string> StateNames { get; }

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
