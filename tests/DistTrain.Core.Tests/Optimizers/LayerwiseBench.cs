using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>Weights, gradient and state of one optimizer with a rate per layer under test.</summary>
internal sealed unsafe class LayerwiseBench : IDisposable
{
    private readonly ILayerwiseOptimizer _optimizer;
    private readonly LayerwiseUpdate _update;
    private readonly NativeBuffer<float> _weights, _gradient, _state0, _state1;
    private long _applied;

    internal LayerwiseBench(OptimizerSpec spec, ParameterLayout layout, float[] weights)
    {
        _optimizer = (ILayerwiseOptimizer)OptimizerFactory.Create(spec);
        _update = new LayerwiseUpdate(_optimizer, new LayerSegments(layout));
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
    /// <param name="cuts">Blocks at which slices end; none: the whole at once.</param>
    internal void Step(float[] gradient, double rate, float scale = 1, params int[] cuts)
    {
        gradient.CopyTo(_gradient.Span);
        OptimizerStep step = new(rate, scale, ++_applied);
        int states = _optimizer.StateNames.Count;
        // States that an optimizer does not name are not there.
        UpdateBuffers origin = new(
            _weights.Pointer, _gradient.Pointer, states > 0 ? _state0.Pointer : null,
            states > 1 ? _state1.Pointer : null);
        (long Offset, long Length)[] slices = [.. Slices(gradient.Length, cuts)];
        // Threads take slices in any order.
        Parallel.ForEach(slices, slice => _update.Prepare(step, origin, slice.Offset, slice.Length));
        _update.Fold(step);
        Parallel.ForEach(slices, slice => _update.Apply(step, origin, slice.Offset, slice.Length));
    }

    public void Dispose()
    {
        _weights.Dispose();
        _gradient.Dispose();
        _state0.Dispose();
        _state1.Dispose();
    }

    private static IEnumerable<(long Offset, long Length)> Slices(long length, int[] cuts)
    {
        long from = 0;
        foreach (long to in cuts.Select(cut => (long)cut * TreeReduction.BlockLength).Append(length))
        {
            yield return (from, to - from);
            from = to;
        }
    }

    /// <summary>
    /// Three weights, the second of them over several blocks, each with a bias, and a norm's scale: lengths
    /// that fit no vector and no block.
    /// </summary>
    internal static ParameterLayout Layout { get; } = Of(
        (ParameterRole.Weight, 700), (ParameterRole.Bias, 7), (ParameterRole.NormScale, 7),
        (ParameterRole.Weight, 3 * TreeReduction.BlockLength + 1234), (ParameterRole.Bias, 31),
        (ParameterRole.Weight, 321), (ParameterRole.Bias, 10));

    /// <summary>The same on every machine; each layer of another size.</summary>
    internal static float[] Values(int stream)
    {
        var values = new float[Layout.ParameterCount];
        for (int index = 0; index < Layout.Slots.Count; index++)
        {
            ParameterSlot slot = Layout.Slots[index];
            for (long i = slot.Offset; i < slot.Offset + slot.Length; i++)
                values[i] = (KeyedRandom.Uniform((ulong)stream, (ulong)i) - 0.5f) / (index + 1);
        }
        return values;
    }

    private static ParameterLayout Of(params (ParameterRole Role, int Length)[] parts)
    {
        long offset = 0;
        var slots = new List<ParameterSlot>();
        foreach ((ParameterRole role, int length) in parts)
        {
            slots.Add(new ParameterSlot($"{slots.Count}", [length], role, offset, 0));
            offset += length;
        }
        return new ParameterLayout(slots, offset, 0);
    }
}
