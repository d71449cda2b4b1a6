using DistTrain.Core.Jobs;

namespace DistTrain.Core.Models;

/// <summary>
/// Packs the tensors of planned layers into one flat buffer: parameters in the order of the layers, then the
/// running statistics in the same order, under the names nn.Sequential would give them.
/// </summary>
internal static class LayoutBuilder
{
    /// <summary>4 TiB of float32: beyond any machine, and far from the overflow of a 64-bit byte
    /// count.</summary>
    private const long LargestTensor = 1L << 40;

    private sealed record Unplaced(string Name, int[] Shape, ParameterRole Role, int FanIn);

    public static ParameterLayout Build(IReadOnlyList<PlannedLayer> layers)
    {
        var tensors = TensorsOf(layers).ToList();
        var slots = new List<ParameterSlot>(tensors.Count);
        long parameters = Place(tensors.Where(t => !IsBuffer(t.Role)), slots, 0);
        long total = Place(tensors.Where(t => IsBuffer(t.Role)), slots, parameters);
        return new ParameterLayout(slots, parameters, total - parameters);
    }

    private static long Place(IEnumerable<Unplaced> tensors, List<ParameterSlot> slots, long offset)
    {
        foreach (var tensor in tensors)
        {
            var slot = new ParameterSlot(tensor.Name, tensor.Shape, tensor.Role, offset, tensor.FanIn);
            slots.Add(slot);
            offset = checked(offset + slot.Length);
        }

        return offset;
    }

    private static bool IsBuffer(ParameterRole role)
        => role is ParameterRole.RunningMean or ParameterRole.RunningVariance or ParameterRole.OpaqueBuffer;

    private static IEnumerable<Unplaced> TensorsOf(IEnumerable<PlannedLayer> layers)
        => layers.SelectMany(TensorsOf);

    private static IEnumerable<Unplaced> TensorsOf(PlannedLayer layer)
    {
        var (spec, name, channels) = (layer.Spec, layer.Name, layer.Input[0]);
        return spec.Kind switch
        {
            LayerKind.Linear => Weighted(spec, name, [spec.Out, channels]),
            LayerKind.Conv2d => Weighted(spec, name, [spec.Out, channels, spec.Kernel, spec.Kernel]),
            LayerKind.BatchNorm2d =>
            [
                new Unplaced($"{name}.weight", [channels], ParameterRole.NormScale, 0),
                new Unplaced($"{name}.bias", [channels], ParameterRole.NormShift, 0),
                new Unplaced($"{name}.running_mean", [channels], ParameterRole.RunningMean, 0),
                new Unplaced($"{name}.running_var", [channels], ParameterRole.RunningVariance, 0),
            ],
            LayerKind.Residual => TensorsOf(layer.Body).Concat(TensorsOf(layer.Shortcut)),
            _ => [],
        };
    }

    private static IEnumerable<Unplaced> Weighted(LayerSpec spec, string name, int[] shape)
    {
        decimal fanIn = shape.Skip(1).Aggregate(1m, (product, size) => product * size);
        if (fanIn > int.MaxValue || fanIn * shape[0] > LargestTensor)
        {
            throw ShapeRules.Fault(spec, name,
                $"its {fanIn * shape[0]} weights are more than the engine addresses ({LargestTensor})");
        }

        yield return new Unplaced($"{name}.weight", shape, ParameterRole.Weight, (int)fanIn);
        if (spec.Bias)
        {
            yield return new Unplaced($"{name}.bias", [shape[0]], ParameterRole.Bias, (int)fanIn);
        }
    }
}
