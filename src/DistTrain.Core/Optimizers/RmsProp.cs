using System.Numerics;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// RMSProp (Hinton 2012, lecture 6e) in PyTorch's form, ε outside the root, with optional momentum and L2
/// weight decay:
/// <code>
/// g ← g + λw        s ← αs + (1−α)g²        d = g / (√s + ε)        w ← w − ηd
/// </code>
/// With momentum: b ← μb + d, w ← w − ηb.
/// </summary>
internal sealed class RmsProp(OptimizerSpec spec) : IOptimizer
{
    public IReadOnlyList<string> StateNames { get; } =
        spec.Momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"];

    public unsafe void Step(
        in OptimizerStep step, float* weights, float* gradient, float* state0, float* state1, long length)
    {
        Direction direction = new(spec, step);
        Vector<float> rate = new((float)step.LearningRate), momentum = new((float)spec.Momentum);
        if (spec.Momentum > 0)
            FlatUpdate.Run(new WithMomentum(direction, momentum, rate), weights, gradient, state0, state1, length);
        else
            FlatUpdate.Run(new Plain(direction, rate), weights, gradient, state0, null, length);
    }

    /// <summary>g / (√s + ε), with s brought up to date.</summary>
    private readonly struct Direction(OptimizerSpec spec, in OptimizerStep step)
    {
        private readonly Vector<float> _scale = new(step.GradientScale);
        private readonly Vector<float> _decay = new((float)spec.WeightDecay);
        private readonly Vector<float> _keep = new((float)spec.Alpha);
        private readonly Vector<float> _take = new((float)(1 - spec.Alpha));
        private readonly Vector<float> _epsilon = new((float)spec.Epsilon);

        internal Vector<float> Of(Vector<float> gradient, Vector<float> weight, ref Vector<float> meanSquare)
        {
            Vector<float> decayed = gradient * _scale + _decay * weight;
            meanSquare = _keep * meanSquare + _take * decayed * decayed;
            return decayed / (Vector.SquareRoot(meanSquare) + _epsilon);
        }
    }

    private readonly struct Plain(Direction direction, Vector<float> rate) : IUpdateRule
    {
        public static int States => 1;

        public void Apply(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> meanSquare, ref Vector<float> state1)
            => weight -= rate * direction.Of(gradient, weight, ref meanSquare);
    }

    private readonly struct WithMomentum(Direction direction, Vector<float> momentum, Vector<float> rate) : IUpdateRule
    {
        public static int States => 2;

        public void Apply(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> meanSquare, ref Vector<float> velocity)
        {
            velocity = momentum * velocity + direction.Of(gradient, weight, ref meanSquare);
            weight -= rate * velocity;
        }
    }
}
