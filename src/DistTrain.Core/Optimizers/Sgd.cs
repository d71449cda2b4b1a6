using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, Nesterov momentum and L2 weight decay, in PyTorch's form:
/// <code>
/// g ← g + λw        v ← μv + g        w ← w − ηv        (Nesterov: w ← w − η(g + μv))
/// </code>
/// The rate stands outside the velocity, so a change of η needs no momentum correction: this form *is* the
/// velocity form u ← μ(η′/η)u + η′g, w ← w − u with the correction of Goyal et al. 2017 ("Accurate, large
/// minibatch SGD", section 3, remark 2). λ multiplies w as given: the rule that scales η with the batch
/// leaves it alone.
/// </summary>
internal sealed class Sgd(OptimizerSpec spec) : IElementwiseOptimizer
{
    public IReadOnlyList<string> StateNames { get; } = spec.Momentum > 0 ? ["momentum_buffer"] : [];

    public unsafe void Step(
        in OptimizerStep step, float* weights, float* gradient, float* state0, float* state1, long length)
    {
        Floats scale = new(step.GradientScale), decay = new((float)spec.WeightDecay);
        Floats mu = new((float)spec.Momentum), rate = new((float)step.LearningRate);
        if (spec.Momentum <= 0)
            FlatUpdate.Run(new Plain(scale, decay, rate), weights, gradient, null, null, length);
        else if (spec.Nesterov)
            FlatUpdate.Run(new Nesterov(scale, decay, mu, rate), weights, gradient, state0, null, length);
        else
            FlatUpdate.Run(new HeavyBall(scale, decay, mu, rate), weights, gradient, state0, null, length);
    }

    private readonly struct Plain(Floats scale, Floats decay, Floats rate) : IUpdateRule
    {
        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats state0, ref Floats state1)
            => weight -= rate * (gradient * scale + decay * weight);
    }

    private readonly struct HeavyBall(
        Floats scale, Floats decay, Floats momentum, Floats rate) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats velocity, ref Floats state1)
        {
            velocity = momentum * velocity + (gradient * scale + decay * weight);
            weight -= rate * velocity;
        }
    }

    private readonly struct Nesterov(
        Floats scale, Floats decay, Floats momentum, Floats rate) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(
            ref Floats weight, Floats gradient, ref Floats velocity, ref Floats state1)
        {
            Floats decayed = gradient * scale + decay * weight;
            velocity = momentum * velocity + decayed;
            weight -= rate * (decayed + momentum * velocity);
        }
    }
}
