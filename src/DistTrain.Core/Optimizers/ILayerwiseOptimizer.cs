namespace DistTrain.Core.Optimizers;

/// <summary>
/// An optimizer whose rate differs by layer, by the ratio of two norms. It steps in two passes over every
/// part of every layer, which <see cref="LayerwiseUpdate"/> runs:
/// <code>
/// Prepare   state brought up to date; the gradient's place holds the direction of the update
///           (norms of weights and direction, per layer)
/// Apply     weights moved along the direction by the layer's own rate
/// </code>
/// Both are elementwise, with the promises of <see cref="IElementwiseOptimizer"/>.
/// </summary>
public unsafe interface ILayerwiseOptimizer : IOptimizer
{
    /// <summary>
    /// First pass over a part of one layer. The direction's norm is taken from <paramref name="gradient"/>
    /// afterwards, whatever it then holds.
    /// </summary>
    /// <param name="step">Rate, scale and count.</param>
    /// <param name="isAdapted">False: no weight decay.</param>
    /// <param name="weights">Only read.</param>
    /// <param name="gradient">The summed gradient; may be overwritten with the direction.</param>
    /// <param name="state0">StateNames[0]; null where there is none.</param>
    /// <param name="state1">StateNames[1]; null where there is none.</param>
    /// <param name="length">Elements.</param>
    void Prepare(
        in OptimizerStep step, bool isAdapted, float* weights, float* gradient, float* state0, float* state1,
        long length);

    /// <summary>The trust ratio of an adapted layer.</summary>
    /// <param name="step">Rate, scale and count.</param>
    /// <param name="weightNorm">‖w‖ before the step, above 0.</param>
    /// <param name="directionNorm">The norm of what <see cref="Prepare"/> left, above 0.</param>
    double TrustRatio(in OptimizerStep step, double weightNorm, double directionNorm);

    /// <summary>Second pass over a part of one layer.</summary>
    /// <param name="step">Rate, scale and count.</param>
    /// <param name="isAdapted">False: no weight decay.</param>
    /// <param name="rate">η times the layer's trust ratio; finite.</param>
    /// <param name="weights">Updated in place.</param>
    /// <param name="direction">What <see cref="Prepare"/> left; only read.</param>
    /// <param name="state0">StateNames[0]; null where there is none.</param>
    /// <param name="state1">StateNames[1]; null where there is none.</param>
    /// <param name="length">Elements.</param>
    void Apply(
        in OptimizerStep step, bool isAdapted, float rate, float* weights, float* direction, float* state0,
        float* state1, long length);
}
