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
/// the aggregator, which may step slices of them on many threads or nodes. It is either an
/// <see cref="IElementwiseOptimizer"/> or an <see cref="ILayerwiseOptimizer"/>.
/// </summary>
public interface IOptimizer
{
    /// <summary>
    /// Names of the state vectors, each as long as the parameters, zero before the first step; PyTorch's
    /// names, at most two. They go into checkpoints.
    /// </summary>
    IReadOnlyList<string> StateNames { get; }
}
