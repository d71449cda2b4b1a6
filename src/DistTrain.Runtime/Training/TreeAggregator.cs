using DistTrain.Core.Coordination;
using DistTrain.Core.Memory;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;
using DistTrain.Core.State;

namespace DistTrain.Runtime.Training;

/// <summary>
/// Owns the update: sums the published gradients along the canonical tree, in place in the first of them, and
/// steps the optimizer on the shared parameters. Both passes are elementwise and run in slices; an optimizer
/// with a rate per layer takes a third, between which all slices wait for each other's norms.
/// </summary>
/// <param name="state">What it owns.</param>
/// <param name="gradients">Where a published gradient lies, [TotalCount].</param>
/// <param name="tree">The canonical tree.</param>
/// <param name="crew">Whose threads it uses.</param>
public sealed unsafe class TreeAggregator(
    TrainingState state, Func<GradientSource, NativeBuffer<float>> gradients, ReductionTree tree,
    ISliceCrew crew) : IAggregator
{
    private readonly double[] _blockSquares = new double[TreeReduction.BlocksOf(state.Layout.TotalCount)];
    private readonly LayerwiseUpdate? _layerwise = state.Optimizer is ILayerwiseOptimizer optimizer
        ? new LayerwiseUpdate(optimizer, new LayerSegments(state.Layout)) : null;
    private IReadOnlyList<ShardRange> _nodes = [];
    private ReductionProgram? _program;
    private nint[] _sources = [];

    private float* Sum => (float*)_sources[0];

    private UpdateBuffers Buffers => new(state.Parameters.Pointer, Sum, StateAt(0), StateAt(1));

    public void Reduce(ReduceGradients request, Action<GradientsReduced> done)
    {
        if (_program is null || !_nodes.SequenceEqual(request.Sources.Select(source => source.Node)))
        {
            _nodes = [.. request.Sources.Select(source => source.Node)];
            _program = ReductionProgram.Compile(tree, _nodes);
        }
        _sources = [.. request.Sources.Select(source => (nint)gradients(source).Pointer)];
        crew.Run(
            slice => TreeReduction.Run(
                _program, _sources, Sum, slice.Offset, slice.Length,
                _blockSquares.AsSpan((int)(slice.Offset / TreeReduction.BlockLength)),
                state.Layout.ParameterCount),
            () => done(new GradientsReduced(request.Step, GradientNorm.FromBlocks(_blockSquares, 1))));
    }

    public void Apply(ApplyUpdate request, Action<UpdateApplied> done)
    {
        var step = new OptimizerStep(
            request.LearningRate, (float)(request.MeanScale * request.ClipFactor), request.AppliedSteps);
        float meanScale = (float)request.MeanScale;
        if (_layerwise is not { } layerwise)
        {
            crew.Run(slice => Apply(slice, step, meanScale), Applied);
            return;
        }
        crew.Run(slice => layerwise.Prepare(step, Buffers, slice.Offset, TrainedIn(slice)), () =>
        {
            layerwise.Fold(step);
            crew.Run(slice => Apply(slice, step, meanScale), Applied);
        });

        void Applied() => done(new UpdateApplied(request.Step));
    }

    private void Apply(Slice slice, in OptimizerStep step, float meanScale)
    {
        long trained = TrainedIn(slice);
        UpdateBuffers at = Buffers.At(slice.Offset);
        if (_layerwise is { } layerwise)
        {
            layerwise.Apply(step, Buffers, slice.Offset, trained);
        }
        else if (trained > 0)
        {
            ((IElementwiseOptimizer)state.Optimizer).Step(
                step, at.Weights, at.Gradient, at.State0, at.State1, trained);
        }
        RunningBuffers.Apply(at.Weights + trained, at.Gradient + trained, meanScale, slice.Length - trained);
    }

    /// <summary>Elements of a slice that are parameters; the rest are buffers.</summary>
    private long TrainedIn(Slice slice)
        => Math.Clamp(state.Layout.ParameterCount - slice.Offset, 0, slice.Length);

    private float* StateAt(int index)
        => index < state.OptimizerState.Count ? state.OptimizerState[index].Pointer : null;
}
