using System.Numerics;
using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// RMSProp (Hinton 2012, lecture 6e) in PyTorch's form, ε outside the root, with optional momentum and L2
/// weight decay:
/// <code>
/// g ← g + λw        s ← αs + (1−α)g²        d = g / (√s + ε)        w ← w − ηd
/// </code>
/// With momentum: b ← μb + d, w ← w − ηb.
/// </summary>
internal sealed class RmsProp(OptimizerSpec spec) : IElementwiseOptimizer
{
    public IReadOnlyList<string> StateNames { get; } =
        spec.Momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"];

    public unsafe void Step(
        in OptimizerStep step, float* weights, float* gradient, float* state0, float* state1, long length)
    {
        Direction direction = new(spec, step);
        Floats rate = new((float)step.LearningRate), momentum = new((float)spec.Momentum);
        if (spec.Momentum > 0)
            FlatUpdate.Run(
                new WithMomentum(direction, momentum, rate), weights, gradient, state0, state1, length);
        else
            FlatUpdate.Run(new Plain(direction, rate), weights, gradient, state0, null, length);
    }

    /// <summary>g / (√s + ε), with s brought up to date.</summary>
    private readonly struct Direction(OptimizerSpec spec, in OptimizerStep step)
    {
        private readonly Floats _scale = new(step.GradientScale);
        private readonly Floats _decay = new((float)spec.WeightDecay);
        private readonly Floats _keep = new((float)spec.Alpha);
        private readonly Floats _take = new((float)(1 - spec.Alpha));
        private readonly Floats _epsilon = new((float)spec.Epsilon);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Floats Of(Floats gradient, Floats weight, ref Floats meanSquare)
        {
            Floats decayed = gradient * _scale + _decay * weight;
            meanSquare = _keep * meanSquare + _take * decayed * decayed;
            return decayed / (Vector.SquareRoot(meanSquare) + _epsilon);
        }
    }

    private readonly struct Plain(Direction direction, Floats rate) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats meanSquare, ref Floats state1)
            => weight -= rate * direction.Of(gradient, weight, ref meanSquare);
    }

    private readonly struct WithMomentum(Direction direction, Floats momentum, Floats rate) : IUpdateRule
    {
        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats meanSquare, ref Floats velocity)
        {
            velocity = momentum * velocity + direction.Of(gradient, weight, ref meanSquare);
            weight -= rate * velocity;
        }
    }
}
