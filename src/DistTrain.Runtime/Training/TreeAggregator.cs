using DistTrain.Core.Coordination;
using DistTrain.Core.Memory;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;
using DistTrain.Core.State;

namespace DistTrain.Runtime.Training;

/// <summary>
/// Owns the update: sums the published gradients along the canonical tree, in place in the first of them, and
/// steps the optimizer on the shared parameters. Both passes are elementwise and run in slices.
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
    private IReadOnlyList<ShardRange> _nodes = [];
    private ReductionProgram? _program;
    private nint[] _sources = [];

    private float* Sum => (float*)_sources[0];

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
        crew.Run(slice => Apply(slice, step, meanScale), () => done(new UpdateApplied(request.Step)));
    }

    private void Apply(Slice slice, in OptimizerStep step, float meanScale)
    {
        long parameters = state.Layout.ParameterCount;
        float* weights = state.Parameters.Pointer;
        long trained = Math.Clamp(parameters - slice.Offset, 0, slice.Length);
        if (trained > 0)
        {
            state.Optimizer.Step(
                step, weights + slice.Offset, Sum + slice.Offset,
                StateAt(0, slice.Offset), StateAt(1, slice.Offset), trained);
        }
        long tail = slice.Offset + trained;
        RunningBuffers.Apply(weights + tail, Sum + tail, meanScale, slice.Length - trained);
    }

    private float* StateAt(int index, long offset)
        => index < state.OptimizerState.Count ? state.OptimizerState[index].Pointer + offset : null;
}
