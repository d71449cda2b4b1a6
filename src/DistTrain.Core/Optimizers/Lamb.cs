using System.Numerics;
using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// LAMB (You et al. 2019, "Large batch optimization for deep learning: training BERT in 76 minutes",
/// algorithm 2), with bias correction and φ the identity. For each layer
/// <code>
/// m ← β₁m + (1−β₁)g       v ← β₂v + (1−β₂)g²
/// u ← m / ((1−β₁ᵗ)·(√v/√(1−β₂ᵗ) + ε)) + λw        w ← w − η·(‖w‖/‖u‖)·u
/// </code>
/// Where ‖w‖ or ‖u‖ is zero the ratio is 1; for layers that are not adapted it is 1 and λ is 0.
/// </summary>
internal sealed unsafe class Lamb(OptimizerSpec spec) : ILayerwiseOptimizer
{
    public IReadOnlyList<string> StateNames { get; } = ["exp_avg", "exp_avg_sq"];

    /// <summary>
    /// Here the gradient is what is updated, to u, and the weights are what is only read: the loop is handed
    /// the two in each other's place.
    /// </summary>
    public void Prepare(
        in OptimizerStep step, bool isAdapted, float* weights, float* gradient, float* state0, float* state1,
        long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step.AppliedSteps, 1);
        FlatUpdate.Run(new Direction(spec, isAdapted, step), gradient, weights, state0, state1, length);
    }

    public double TrustRatio(in OptimizerStep step, double weightNorm, double directionNorm)
        => weightNorm / directionNorm;

    public void Apply(
        in OptimizerStep step, bool isAdapted, float rate, float* weights, float* direction, float* state0,
        float* state1, long length)
        => FlatUpdate.Run(new Move(new Floats(rate)), weights, direction, null, null, length);

    private readonly struct Direction : IUpdateRule
    {
        private readonly Floats _scale, _decay;
        private readonly Floats _keep1, _take1, _keep2, _take2;
        private readonly Floats _correction1, _correction2, _epsilon;

        internal Direction(OptimizerSpec spec, bool isAdapted, in OptimizerStep step)
        {
            _scale = new(step.GradientScale);
            _decay = new(isAdapted ? (float)spec.WeightDecay : 0);
            _keep1 = new((float)spec.Beta1);
            _take1 = new((float)(1 - spec.Beta1));
            _keep2 = new((float)spec.Beta2);
            _take2 = new((float)(1 - spec.Beta2));
            _correction1 = new((float)(1 - IntegerPower.Of(spec.Beta1, step.AppliedSteps)));
            _correction2 = new((float)Math.Sqrt(1 - IntegerPower.Of(spec.Beta2, step.AppliedSteps)));
            _epsilon = new((float)spec.Epsilon);
        }

        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Floats gradient, Floats weight, ref Floats mean, ref Floats meanSquare)
        {
            Floats scaled = gradient * _scale;
            mean = _keep1 * mean + _take1 * scaled;
            meanSquare = _keep2 * meanSquare + _take2 * scaled * scaled;
            Floats spread = Vector.SquareRoot(meanSquare) / _correction2 + _epsilon;
            gradient = mean / (_correction1 * spread) + _decay * weight;
        }
    }

    private readonly struct Move(Floats rate) : IUpdateRule
    {
        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Floats weight, Floats direction, ref Floats state0, ref Floats state1)
            => weight -= rate * direction;
    }
}
