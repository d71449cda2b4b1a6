using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// LARS (You, Gitman, Ginsburg 2017, "Large batch training of convolutional networks", algorithm 1), with
/// Nesterov's momentum as an option. For each layer
/// <code>
/// λ ← η·‖w‖ / (‖g‖ + β‖w‖)        v ← m·v + γλ(g + βw)        w ← w − v
/// Nesterov: w ← w − (m·v + γλ(g + βw))
/// </code>
/// with γ the learning rate, η the trust coefficient, β the weight decay, g the mean gradient after clipping.
/// Where ‖w‖ or ‖g‖ is zero λ is 1; for layers that are not adapted λ is 1 and β is 0.
/// <para>
/// This is the paper's form, with rate and ratio *inside* the velocity: what earlier steps gave keeps the
/// size their rates gave it. After a change of γ the velocity follows over some 1/(1 − m) steps, where the
/// form of <see cref="Sgd"/>, rate outside, follows at once; with a constant rate and ratio both are equal.
/// Warm-up is a little gentler for it, and a sudden decay a little later.
/// </para>
/// </summary>
internal sealed unsafe class Lars(OptimizerSpec spec) : ILayerwiseOptimizer
{
    public IReadOnlyList<string> StateNames { get; } = spec.Momentum > 0 ? ["momentum_buffer"] : [];

    /// <summary>The direction is the gradient itself: there is nothing to bring up to date.</summary>
    public void Prepare(
        in OptimizerStep step, bool isAdapted, float* weights, float* gradient, float* state0, float* state1,
        long length)
    {
    }

    public double TrustRatio(in OptimizerStep step, double weightNorm, double directionNorm)
        => spec.TrustCoefficient * weightNorm
            / (directionNorm * step.GradientScale + spec.WeightDecay * weightNorm);

    public void Apply(
        in OptimizerStep step, bool isAdapted, float rate, float* weights, float* direction, float* state0,
        float* state1, long length)
    {
        Increment increment = new(step.GradientScale, isAdapted ? (float)spec.WeightDecay : 0, rate);
        Floats momentum = new((float)spec.Momentum);
        if (spec.Momentum <= 0)
            FlatUpdate.Run(new Plain(increment), weights, direction, null, null, length);
        else if (spec.Nesterov)
            FlatUpdate.Run(new Nesterov(increment, momentum), weights, direction, state0, null, length);
        else
            FlatUpdate.Run(new HeavyBall(increment, momentum), weights, direction, state0, null, length);
    }

    /// <summary>γλ(g + βw).</summary>
    private readonly struct Increment(float scale, float decay, float rate)
    {
        private readonly Floats _scale = new(scale), _decay = new(decay), _rate = new(rate);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Floats Of(Floats gradient, Floats weight) => _rate * (gradient * _scale + _decay * weight);
    }

    private readonly struct Plain(Increment increment) : IUpdateRule
    {
        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Floats weight, Floats gradient, ref Floats state0, ref Floats state1)
            => weight -= increment.Of(gradient, weight);
    }

    private readonly struct HeavyBall(Increment increment, Floats momentum) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Floats weight, Floats gradient, ref Floats velocity, ref Floats state1)
        {
            velocity = momentum * velocity + increment.Of(gradient, weight);
            weight -= velocity;
        }
    }

    private readonly struct Nesterov(Increment increment, Floats momentum) : IUpdateRule
    {
        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply(ref Floats weight, Floats gradient, ref Floats velocity, ref Floats state1)
        {
            Floats change = increment.Of(gradient, weight);
            velocity = momentum * velocity + change;
            weight -= momentum * velocity + change;
        }
    }
}
