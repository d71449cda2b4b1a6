using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Models;

/// <summary>The models people start from, each written out as the layer list that a job could have
/// held.</summary>
public static class ModelPresets
{
    private static readonly Dictionary<string, Func<ModelSpec, SampleShape, int, List<LayerSpec>>> Known =
        new(StringComparer.Ordinal)
        {
            ["softmax"] = (_, _, outputs) => [Flatten, Linear(outputs)],
            ["mlp"] = (spec, _, outputs) => Mlp(spec, outputs),
            ["lenet"] = LeNet,
            ["cnn"] = (spec, _, outputs) => Cnn(spec, outputs),
            ["resnet8"] = (spec, _, outputs) => ResNet(spec, outputs, blocks: 1),
            ["resnet20"] = (spec, _, outputs) => ResNet(spec, outputs, blocks: 3),
        };

    /// <summary>The names a job may use.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The layers of the preset that <paramref name="spec"/> names.</summary>
    /// <param name="spec">Its <see cref="ModelSpec.Preset"/> is set.</param>
    /// <param name="input">Shape of one sample.</param>
    /// <param name="outputs">Classes, or regression targets.</param>
    /// <exception cref="UserFaultException">There is no such preset, or one of its options is
    /// wrong.</exception>
    public static IReadOnlyList<LayerSpec> Expand(ModelSpec spec, SampleShape input, int outputs)
        => Known.TryGetValue(spec.Preset ?? "", out var expand)
            ? expand(spec, input, outputs)
            : throw new UserFaultException(
                $"model.preset: \"{spec.Preset}\" is not known; use one of {string.Join(", ", Names)}");

    private static LayerSpec Flatten => Plain(LayerKind.Flatten);
    private static LayerSpec Relu => Plain(LayerKind.Relu);
    private static LayerSpec HalvingPool => new() { Kind = LayerKind.MaxPool2d, Kernel = 2, Stride = 2 };

    private static LayerSpec Plain(LayerKind kind) => new() { Kind = kind };
    private static LayerSpec Linear(int features) => new() { Kind = LayerKind.Linear, Out = features };

    private static LayerSpec Conv(int channels, int kernel, int padding, int stride = 1, bool bias = true)
        => new()
        {
            Kind = LayerKind.Conv2d,
            Out = channels,
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
            Bias = bias,
        };

    private static IEnumerable<LayerSpec> DropoutOf(ModelSpec spec)
        => spec.Dropout > 0 ? [new LayerSpec { Kind = LayerKind.Dropout, Probability = spec.Dropout }] : [];

    private static List<LayerSpec> Mlp(ModelSpec spec, int outputs)
    {
        LayerSpec activation = Plain(spec.Activation switch
        {
            null or "relu" => LayerKind.Relu,
            "tanh" => LayerKind.Tanh,
            "gelu" => LayerKind.Gelu,
            string other => throw new UserFaultException(
                $"model.activation: \"{other}\" is not known; use one of relu, tanh, gelu"),
        });
        List<LayerSpec> layers = [Flatten];
        foreach (int size in spec.Hidden ?? [128])
        {
            layers.AddRange([Linear(size), activation, .. DropoutOf(spec)]);
        }

        layers.Add(Linear(outputs));
        return layers;
    }

    /// <summary>
    /// LeCun et al. 1998, section II.B, with relu and max pooling in place of tanh and trained subsampling.
    /// The original takes 32×32; smaller images are padded by 2, which takes 28×28 there.
    /// </summary>
    private static List<LayerSpec> LeNet(ModelSpec spec, SampleShape input, int outputs) =>
    [
        Conv(6, 5, input.Height < 32 ? 2 : 0), Relu, HalvingPool, Conv(16, 5, 0), Relu, HalvingPool,
        Flatten, Linear(120), Relu, Linear(84), Relu, .. DropoutOf(spec), Linear(outputs),
    ];

    private static List<LayerSpec> Cnn(ModelSpec spec, int outputs) =>
    [
        Conv(32, 5, 2), Relu, HalvingPool, Conv(64, 5, 2), Relu, HalvingPool,
        Flatten, Linear(1024), Relu, .. DropoutOf(spec), Linear(outputs),
    ];

    /// <summary>
    /// He et al. 2016, section 4.2, with so many blocks (n there: 6n + 2 layers) of each width, and
    /// projections where the width changes.
    /// </summary>
    private static List<LayerSpec> ResNet(ModelSpec spec, int outputs, int blocks) =>
    [
        Conv(16, 3, 1, bias: false), Plain(LayerKind.BatchNorm2d), Relu,
        .. Stage(16, 1, blocks), .. Stage(32, 2, blocks), .. Stage(64, 2, blocks),
        Plain(LayerKind.GlobalAvgPool2d), .. DropoutOf(spec), Linear(outputs),
    ];

    private static IEnumerable<LayerSpec> Stage(int channels, int stride, int blocks)
        => Enumerable.Range(0, blocks).SelectMany(block => (LayerSpec[])
            [BasicBlock(channels, block == 0 ? stride : 1, projects: block == 0 && stride > 1), Relu]);

    private static LayerSpec BasicBlock(int channels, int stride, bool projects)
    {
        LayerSpec norm = Plain(LayerKind.BatchNorm2d);
        return new LayerSpec
        {
            Kind = LayerKind.Residual,
            Body =
            [
                Conv(channels, 3, 1, stride, bias: false), norm, Relu,
                Conv(channels, 3, 1, bias: false), norm,
            ],
            Shortcut = projects ? [Conv(channels, 1, 0, stride, bias: false), norm] : [],
        };
    }
}
