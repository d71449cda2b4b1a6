using DistTrain.Core.Jobs;

namespace DistTrain.Core.Models;

/// <summary>What each layer makes of its input's shape, and what it cannot take. Shapes leave out the
/// batch.</summary>
internal static class ShapeRules
{
    /// <summary>The shape after a layer; residual blocks are the planner's.</summary>
    /// <exception cref="UserFaultException">The layer cannot take this input, or is itself
    /// ill-formed.</exception>
    public static IReadOnlyList<int> OutputOf(LayerSpec layer, string name, IReadOnlyList<int> input)
    {
        switch (layer.Kind)
        {
            case LayerKind.Linear:
                Require(layer.Out >= 1, layer, name, "\"out\" must be at least 1");
                Require(input.Count == 1, layer, name,
                    $"input is an image of {Text(input)}; put a flatten layer before it");
                return [layer.Out];
            case LayerKind.Conv2d:
                Require(layer.Out >= 1, layer, name, "\"out\" must be at least 1");
                return Slide(layer, name, input, layer.Out);
            case LayerKind.MaxPool2d or LayerKind.AvgPool2d:
                RequireImage(layer, name, input);
                Require(layer.Padding <= layer.Kernel / 2, layer, name,
                    "\"padding\" may be half the kernel at most");
                return Slide(layer, name, input, input[0]);
            case LayerKind.BatchNorm2d:
                RequireImage(layer, name, input);
                Require(layer.Epsilon > 0, layer, name, "\"epsilon\" must be above 0");
                Require(layer.Momentum is >= 0 and <= 1, layer, name, "\"momentum\" must lie in [0, 1]");
                return input;
            case LayerKind.GlobalAvgPool2d:
                RequireImage(layer, name, input);
                return [input[0]];
            case LayerKind.Flatten:
                return [Narrow(layer, name, input.Aggregate(1L, (product, size) => product * size))];
            case LayerKind.Dropout:
                Require(layer.Probability is >= 0 and < 1, layer, name, "the probability must lie in [0, 1)");
                return input;
            default:
                return input;
        }
    }

    /// <summary>One fault, with the layer it is about.</summary>
    public static UserFaultException Fault(LayerSpec layer, string name, string problem)
        => new($"model layer {name} ({Describe(layer)}): {problem}");

    /// <summary>E.g. 64×7×7.</summary>
    public static string Text(IEnumerable<int> shape) => string.Join('×', shape);

    private static int[] Slide(LayerSpec layer, string name, IReadOnlyList<int> input, int channels)
    {
        RequireImage(layer, name, input);
        Require(layer.Kernel >= 1, layer, name, "\"kernel\" must be at least 1");
        Require(layer.Stride >= 1, layer, name, "\"stride\" must be at least 1");
        Require(layer.Padding >= 0, layer, name, "\"padding\" must not be negative");
        string padded = layer.Padding > 0 ? $" with padding {layer.Padding}" : "";
        long height = input[1] + 2L * layer.Padding;
        long width = input[2] + 2L * layer.Padding;
        Require(height >= layer.Kernel && width >= layer.Kernel, layer, name,
            $"input {input[1]}×{input[2]}{padded} is smaller than the kernel");
        long rows = (height - layer.Kernel) / layer.Stride + 1;
        long columns = (width - layer.Kernel) / layer.Stride + 1;
        Narrow(layer, name, checked(rows * columns) * (decimal)channels);
        return [channels, (int)rows, (int)columns];
    }

    private static int Narrow(LayerSpec layer, string name, decimal size)
        => size <= int.MaxValue
            ? (int)size
            : throw Fault(layer, name,
                $"{size} numbers per sample are more than the engine addresses ({int.MaxValue})");

    private static void RequireImage(LayerSpec layer, string name, IReadOnlyList<int> input)
        => Require(input.Count == 3, layer, name,
            $"needs an image (channels×height×width), the input is {Text(input)} numbers");

    private static void Require(bool holds, LayerSpec layer, string name, string problem)
    {
        if (!holds)
        {
            throw Fault(layer, name, problem);
        }
    }

    private static string Describe(LayerSpec layer)
    {
        string kind = layer.Kind.ToString().ToLowerInvariant();
        return layer.Kind switch
        {
            LayerKind.Linear => $"{kind}, out {layer.Out}",
            LayerKind.Conv2d or LayerKind.MaxPool2d or LayerKind.AvgPool2d
                => $"{kind}, kernel {layer.Kernel}",
            _ => kind,
        };
    }
}
