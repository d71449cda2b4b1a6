using System.Numerics;
using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) in PyTorch's form, with weight decay either as L2 (Adam) or
/// decoupled (AdamW: Loshchilov and Hutter 2019, algorithm 2):
/// <code>
/// Adam: g ← g + λw        AdamW: w ← w·(1 − ηλ)
/// m ← β₁m + (1−β₁)g       v ← β₂v + (1−β₂)g²
/// w ← w − η/(1−β₁ᵗ) · m / (√v / √(1−β₂ᵗ) + ε)
/// </code>
/// AdamW's decay is per step η·λ of the rate in force, as in PyTorch; λ itself is not scaled with the batch.
/// </summary>
internal sealed class Adam(OptimizerSpec spec, bool decoupled) : IElementwiseOptimizer
{
    public IReadOnlyList<string> StateNames { get; } = ["exp_avg", "exp_avg_sq"];

    public unsafe void Step(
        in OptimizerStep step, float* weights, float* gradient, float* state0, float* state1, long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step.AppliedSteps, 1);
        FlatUpdate.Run(new Rule(spec, decoupled, step), weights, gradient, state0, state1, length);
    }

    private readonly struct Rule : IUpdateRule
    {
        private readonly Floats _scale, _decay, _shrink;
        private readonly Floats _keep1, _take1, _keep2, _take2;
        private readonly Floats _rate, _correction2, _epsilon;

        internal Rule(OptimizerSpec spec, bool decoupled, in OptimizerStep step)
        {
            double correction1 = 1 - IntegerPower.Of(spec.Beta1, step.AppliedSteps);
            double correction2 = 1 - IntegerPower.Of(spec.Beta2, step.AppliedSteps);
            _scale = new(step.GradientScale);
            _decay = new(decoupled ? 0 : (float)spec.WeightDecay);
            _shrink = new(decoupled ? (float)(1 - step.LearningRate * spec.WeightDecay) : 1);
            _keep1 = new((float)spec.Beta1);
            _take1 = new((float)(1 - spec.Beta1));
            _keep2 = new((float)spec.Beta2);
            _take2 = new((float)(1 - spec.Beta2));
            _rate = new((float)(step.LearningRate / correction1));
            _correction2 = new((float)Math.Sqrt(correction2));
            _epsilon = new((float)spec.Epsilon);
        }

        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats mean, ref Floats meanSquare)
        {
            Floats decayed = gradient * _scale + _decay * weight;
            mean = _keep1 * mean + _take1 * decayed;
            meanSquare = _keep2 * meanSquare + _take2 * decayed * decayed;
            Floats spread = Vector.SquareRoot(meanSquare) / _correction2 + _epsilon;
            weight = weight * _shrink - _rate * (mean / spread);
        }
    }
}
