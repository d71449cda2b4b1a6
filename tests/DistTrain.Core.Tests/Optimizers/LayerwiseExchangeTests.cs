using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Reduction;
using DistTrain.Core.Tests.Reduction;

namespace DistTrain.Core.Tests.Optimizers;

public sealed unsafe class LayerwiseExchangeTests
{
    /// <summary>
    /// Two nodes, each with weights and state of its own slice alone; only the doubles of the squares go from
    /// one to the other. The cut lies inside the large layer.
    /// </summary>
    [Fact]
    public void Nodes_that_exchange_the_squares_of_their_slices_step_as_one()
    {
        OptimizerSpec spec = new() { Kind = OptimizerKind.Lamb, WeightDecay = 0.01, Epsilon = 1e-6 };
        long length = LayerwiseBench.Layout.ParameterCount, cut = 2 * TreeReduction.BlockLength;
        float[] start = LayerwiseBench.Values(0), gradient = LayerwiseBench.Values(1);
        using LayerwiseBench whole = new(spec, LayerwiseBench.Layout, start);
        whole.Step(gradient, 0.1);

        using Node first = new(spec, start, gradient, 0, cut);
        using Node second = new(spec, start, gradient, cut, length - cut);
        first.Prepare();
        second.Prepare();
        second.Own.CopyTo(first.Update.SquaresIn(cut, length - cut));
        first.Own.CopyTo(second.Update.SquaresIn(0, cut));

        float[] stepped = [.. first.Apply(), .. second.Apply()];
        NaiveReduction.Bits(stepped).ShouldBe(NaiveReduction.Bits(whole.Weights.ToArray()));
    }

    /// <summary>A slice of everything; the rest of its buffers is not a number.</summary>
    private sealed class Node : IDisposable
    {
        private readonly OptimizerStep _step = new(0.1, 1, 1);
        private readonly NativeBuffer<float> _weights, _gradient, _state0, _state1;
        private readonly long _offset, _length;

        internal Node(OptimizerSpec spec, float[] weights, float[] gradient, long offset, long length)
        {
            (_offset, _length) = (offset, length);
            Update = new LayerwiseUpdate(
                (ILayerwiseOptimizer)OptimizerFactory.Create(spec), new LayerSegments(LayerwiseBench.Layout));
            (_weights, _gradient) = (Slice(weights), Slice(gradient));
            _state0 = Slice(new float[weights.Length]);
            _state1 = Slice(new float[weights.Length]);
        }

        internal LayerwiseUpdate Update { get; }

        internal Span<double> Own => Update.SquaresIn(_offset, _length);

        private UpdateBuffers Origin
            => new(_weights.Pointer, _gradient.Pointer, _state0.Pointer, _state1.Pointer);

        internal void Prepare() => Update.Prepare(_step, Origin, _offset, _length);

        internal float[] Apply()
        {
            Update.Fold(_step);
            Update.Apply(_step, Origin, _offset, _length);
            return _weights.Span.Slice((int)_offset, (int)_length).ToArray();
        }

        public void Dispose()
        {
            _weights.Dispose();
            _gradient.Dispose();
            _state0.Dispose();
            _state1.Dispose();
        }

        private NativeBuffer<float> Slice(float[] values)
        {
            NativeBuffer<float> buffer = NaiveReduction.Buffer([.. values.Select(_ => float.NaN)]);
            values.AsSpan((int)_offset, (int)_length).CopyTo(buffer.Span[(int)_offset..]);
            return buffer;
        }
    }
}
