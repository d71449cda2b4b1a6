using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Optimizers;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>Weights, gradient and state of one optimizer under test.</summary>
internal sealed unsafe class OptimizerBench : IDisposable
{
    private readonly IElementwiseOptimizer _optimizer;
    private readonly NativeBuffer<float> _weights, _gradient, _state0, _state1;
    private long _applied;

    internal OptimizerBench(OptimizerSpec spec, float[] weights)
    {
        _optimizer = (IElementwiseOptimizer)OptimizerFactory.Create(spec);
        _weights = new NativeBuffer<float>(weights.Length);
        _gradient = new NativeBuffer<float>(weights.Length);
        _state0 = new NativeBuffer<float>(weights.Length);
        _state1 = new NativeBuffer<float>(weights.Length);
        weights.CopyTo(_weights.Span);
    }

    internal ReadOnlySpan<float> Weights => _weights.Span;

    /// <summary>Everything a checkpoint would hold.</summary>
    internal float[] All => [.. _weights.Span, .. _state0.Span, .. _state1.Span];

    /// <param name="gradient">Summed gradient.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="scale">Gradient scale.</param>
    /// <param name="cuts">Where slices end; none: the whole at once.</param>
    internal void Step(float[] gradient, double rate, float scale = 1, params int[] cuts)
    {
        gradient.CopyTo(_gradient.Span);
        OptimizerStep step = new(rate, scale, ++_applied);
        int states = _optimizer.StateNames.Count;
        int from = 0;
        foreach (int to in cuts.Append(gradient.Length))
        {
            // States that an optimizer does not name are not there.
            float* state0 = states > 0 ? _state0.Pointer + from : null;
            float* state1 = states > 1 ? _state1.Pointer + from : null;
            float* weights = _weights.Pointer + from;
            _optimizer.Step(step, weights, _gradient.Pointer + from, state0, state1, to - from);
            from = to;
        }
        _gradient.Span.ToArray().ShouldBe(gradient, "The gradient is only read.");
    }

    public void Dispose()
    {
        _weights.Dispose();
        _gradient.Dispose();
        _state0.Dispose();
        _state1.Dispose();
    }
}
