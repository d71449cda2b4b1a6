using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch;

/// <summary>Writes a plan's layers as the flat, preorder list of descriptors that the native side
/// reads.</summary>
internal sealed class LayerEncoding
{
    private readonly Dictionary<string, long> _offsets;
    private readonly List<Native.dt_layer> _layers = [];

    private LayerEncoding(ParameterLayout layout)
        => _offsets = layout.Slots.ToDictionary(s => s.Name, s => s.Offset, StringComparer.Ordinal);

    public static Native.dt_layer[] Encode(ModelPlan plan)
    {
        var encoding = new LayerEncoding(plan.Layout!);
        encoding.Append(plan.Layers);
        return [.. encoding._layers];
    }

    private void Append(IReadOnlyList<PlannedLayer> layers)
    {
        foreach (var layer in layers)
        {
            Append(layer);
        }
    }

    private void Append(PlannedLayer layer)
    {
        int index = _layers.Count;
        _layers.Add(default);
        Append(layer.Body);
        int afterBody = _layers.Count;
        Append(layer.Shortcut);
        var spec = layer.Spec;
        _layers[index] = new Native.dt_layer
        {
            kind = (int)KindOf(spec.Kind),
            // A dropout layer's place in the list keys its masks.
            @in = spec.Kind == LayerKind.Dropout ? index : layer.Input[0],
            @out = spec.Out,
            kernel = spec.Kernel,
            stride = spec.Stride,
            padding = spec.Padding,
            body = afterBody - index - 1,
            shortcut = _layers.Count - afterBody,
            weight = OffsetOf(layer, "weight"),
            bias = OffsetOf(layer, "bias"),
            mean = OffsetOf(layer, "running_mean"),
            variance = OffsetOf(layer, "running_var"),
            probability = spec.Probability,
            epsilon = spec.Epsilon,
            momentum = spec.Momentum,
        };
    }

    private long OffsetOf(PlannedLayer layer, string tensor)
        => _offsets.TryGetValue($"{layer.Name}.{tensor}", out long offset) ? offset : -1;

    private static NativeLayerKind KindOf(LayerKind kind) => kind switch
    {
        LayerKind.Linear => NativeLayerKind.Linear,
        LayerKind.Conv2d => NativeLayerKind.Conv2d,
        LayerKind.BatchNorm2d => NativeLayerKind.BatchNorm2d,
        LayerKind.Relu => NativeLayerKind.Relu,
        LayerKind.Tanh => NativeLayerKind.Tanh,
        LayerKind.Gelu => NativeLayerKind.Gelu,
        LayerKind.Dropout => NativeLayerKind.Dropout,
        LayerKind.MaxPool2d => NativeLayerKind.MaxPool2d,
        LayerKind.AvgPool2d => NativeLayerKind.AvgPool2d,
        LayerKind.GlobalAvgPool2d => NativeLayerKind.GlobalAvgPool2d,
        LayerKind.Flatten => NativeLayerKind.Flatten,
        LayerKind.Residual => NativeLayerKind.Residual,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The engine has no such layer."),
    };

    /// <summary>dt_layer_kind; numbers are part of the ABI, so they are not those of the job's
    /// enum.</summary>
    private enum NativeLayerKind
    {
        Linear = 0, Conv2d = 1, BatchNorm2d = 2, Relu = 3, Tanh = 4, Gelu = 5, Dropout = 6, MaxPool2d = 7,
        AvgPool2d = 8, GlobalAvgPool2d = 9, Flatten = 10, Residual = 11,
    }
}
