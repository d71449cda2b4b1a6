using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Checkpoints;

/// <summary>
/// The tensors a checkpoint is made of, or is loaded into: parameters and buffers under the names their
/// layout gives them, and the optimizer's state under <c>optimizer.STATE/NAME</c>, so that any reader finds
/// the weights of a layer without knowing how they lie in memory here.
/// </summary>
/// <param name="Layout">Names and shapes.</param>
/// <param name="Parameters">TotalCount elements: trained parameters, then buffers.</param>
/// <param name="OptimizerState">By name, e.g. "momentum"; each ParameterCount elements.</param>
public sealed record CheckpointTensors(
    ParameterLayout Layout, NativeBuffer<float> Parameters,
    IReadOnlyList<(string Name, NativeBuffer<float> Buffer)> OptimizerState)
{
    /// <summary>Everything, in the order it is written.</summary>
    public IReadOnlyList<TensorView> Views =>
    [
        .. ModelViews(Layout, Parameters),
        .. OptimizerState.SelectMany(state => Layout.Slots
            .Where(slot => slot.Offset < Layout.ParameterCount)
            .Select(slot => new TensorView(
                $"optimizer.{state.Name}/{slot.Name}", slot.Shape, state.Buffer, slot.Offset))),
    ];

    /// <summary>A model's parameters and buffers by name.</summary>
    public static IEnumerable<TensorView> ModelViews(ParameterLayout layout, NativeBuffer<float> parameters)
        => layout.Slots.Select(slot => new TensorView(slot.Name, slot.Shape, parameters, slot.Offset));
}
