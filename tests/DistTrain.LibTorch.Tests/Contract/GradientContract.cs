using System.Runtime.InteropServices;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Contract;

/// <summary>
/// Every layer and loss: value, gradient and running statistics against PyTorch in float64. Each case runs
/// twice: with the kernels written for the host, and as on a device, with libtorch's alone and with copies.
/// </summary>
public abstract class GradientContract<TEngine> where TEngine : IEngineUnderTest
{
    private static ModelSpec Of(params LayerSpec[] layers) => new() { Layers = layers };
    private static LayerSpec Of(LayerKind kind) => new() { Kind = kind };

    private static LayerSpec Linear(int size, bool bias = true)
        => new() { Kind = LayerKind.Linear, Out = size, Bias = bias };

    private static LayerSpec Conv(int channels, int kernel, int stride = 1, int padding = 0, bool bias = true)
        => new()
        {
            Kind = LayerKind.Conv2d,
            Out = channels,
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
            Bias = bias,
        };

    private static LayerSpec Pool(LayerKind kind, int kernel, int stride, int padding = 0)
        => new() { Kind = kind, Kernel = kernel, Stride = stride, Padding = padding };

    private static LayerSpec Block(LayerSpec[] body, params LayerSpec[] shortcut)
        => new() { Kind = LayerKind.Residual, Body = body, Shortcut = shortcut };

    private static readonly LayerSpec Relu = Of(LayerKind.Relu), Tanh = Of(LayerKind.Tanh),
        Gelu = Of(LayerKind.Gelu), Flatten = Of(LayerKind.Flatten),
        Norm = Of(LayerKind.BatchNorm2d), Average = Of(LayerKind.GlobalAvgPool2d);

    /// <summary>Images of 2×8×10 in, 5 outputs; the tail is added.</summary>
    private static readonly Dictionary<string, LayerSpec[]> Bodies = new(StringComparer.Ordinal)
    {
        ["linear"] = [Flatten],
        ["linear without bias, wide"] = [Flatten, Linear(70, bias: false), Linear(64), Relu],
        ["relu first"] = [Relu, Flatten, Relu, Linear(9), Relu, Relu],
        ["tanh"] = [Tanh, Flatten, Linear(9), Tanh, Tanh],
        ["gelu"] = [Gelu, Flatten, Linear(9), Gelu],
        ["conv"] = [Conv(3, 3), Flatten],
        ["conv strided, padded, without bias"] =
            [Conv(4, 3, 2, 1, bias: false), Relu, Conv(3, 2), Tanh, Flatten],
        ["conv 1×1"] = [Conv(6, 1), Gelu, Conv(3, 1, 2), Flatten],
        ["batch norm"] =
            [
                Norm, Tanh, Conv(3, 3, bias: false),
                Norm with { Momentum = 0.3, Epsilon = 1e-3 }, Relu, Flatten,
            ],
        ["max pool"] = [Conv(3, 3, 1, 1), Relu, Pool(LayerKind.MaxPool2d, 2, 2), Flatten],
        ["max pool on odd sizes"] = [Conv(3, 2), Pool(LayerKind.MaxPool2d, 2, 2), Tanh, Flatten],
        ["max pool, overlapping and padded"] =
            [Conv(3, 3), Relu, Pool(LayerKind.MaxPool2d, 3, 2, 1), Flatten],
        ["max pool, large windows first"] = [Pool(LayerKind.MaxPool2d, 5, 3, 2), Conv(3, 2), Flatten],
        ["average pool"] = [Conv(3, 3), Pool(LayerKind.AvgPool2d, 2, 2), Flatten],
        ["average pool, overlapping and padded"] =
            [Conv(3, 3), Pool(LayerKind.AvgPool2d, 3, 2, 1), Relu, Flatten],
        ["global average pool"] = [Conv(7, 3), Relu, Average],
        ["residual, identity"] = [Conv(3, 3), Block([Conv(3, 3, 1, 1, bias: false), Norm]), Relu, Flatten],
        ["residual, projection"] =
            [Conv(3, 3), Relu, Block([Conv(4, 3, 2, 1), Relu], Conv(4, 1, 2, bias: false), Norm), Average],
        ["residual first, pre-activation"] =
            [Block([Relu, Conv(2, 3, 1, 1), Tanh]), Block([Gelu], Tanh), Flatten],
        ["residual, nested"] =
            [
                Conv(3, 3),
                Block([Block([Conv(3, 3, 1, 1), Relu], Relu), Norm], Conv(3, 1), Relu), Relu, Flatten,
            ],
        ["residual of vectors"] = [Flatten, Linear(8), Block([Relu, Linear(8)]), Block([Flatten]), Tanh],
    };

    public static TheoryData<string> BodyNames() => new(Bodies.Keys);

    [SkippableTheory]
    [MemberData(nameof(BodyNames))]
    public void Each_layer_agrees_with_PyTorch(string body)
    {
        using var test = new ReferenceCase(
            Of([.. Bodies[body], Linear(5)]), SampleShape.Image(2, 8, 10), 5, 6);
        AssertAgrees(test);
    }

    [SkippableFact]
    public void One_channel_convolutions_agree_with_PyTorch()
    {
        using var test = new ReferenceCase(
            Of(Conv(4, 5, 1, 2), Relu, Conv(4, 3, 2, bias: false), Flatten, Linear(5)),
            SampleShape.Image(1, 9, 11), 5, 7);
        AssertAgrees(test);
    }

    [SkippableTheory]
    [InlineData(LossKind.CrossEntropy, 0, false)]
    [InlineData(LossKind.CrossEntropy, 0.1, false)]
    [InlineData(LossKind.CrossEntropy, 1, false)]
    [InlineData(LossKind.MeanSquaredError, 0, false)]
    [InlineData(LossKind.MeanSquaredError, 0, true)]
    public void Each_loss_agrees_with_PyTorch(LossKind loss, double smoothing, bool regression)
    {
        using var test = new ReferenceCase(Of(Linear(8), Tanh, Linear(4)), SampleShape.Vector(11), 4, 33)
        {
            Loss = loss,
            Smoothing = smoothing,
            Regression = regression,
        };
        AssertAgrees(test);
    }

    [SkippableTheory]
    [InlineData("softmax", 1, 28)]
    [InlineData("mlp", 1, 28)]
    [InlineData("lenet", 1, 28)]
    [InlineData("lenet", 3, 32)]
    [InlineData("cnn", 1, 28)]
    [InlineData("resnet8", 3, 32)]
    [InlineData("resnet20", 3, 16)]
    public void Each_preset_agrees_with_PyTorch(string preset, int channels, int size)
    {
        using var test = new ReferenceCase(
            new ModelSpec { Preset = preset }, SampleShape.Image(channels, size, size), 10, 5, seed: 3);
        AssertAgrees(test);
    }

    private static void AssertAgrees(ReferenceCase test)
    {
        TEngine.Open();
        PyTorch.Require();

        using var folder = new TemporaryFolder();
        test.Write(folder.Path, test.Labels.Length, 1, "", 0);
        PyTorch.Run("gradient", folder.Path);
        AssertAgrees(test, folder, asDevice: false);
        AssertAgrees(test, folder, asDevice: true);
    }

    private static void AssertAgrees(ReferenceCase test, TemporaryFolder folder, bool asDevice)
    {
        var engine = TEngine.Open(asDevice);
        string way = asDevice ? "as on a device" : "on the host";
        var expected = PyTorch.Result(folder.Path);
        int samples = test.Labels.Length;
        float[] before = test.Parameters.Span.ToArray();
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var batch = test.Batch(0, samples);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        gradient.Span.Fill(float.NaN);
        var result = replica.ComputeGradient(batch, 1, gradient);

        result.Count.ShouldBe(samples);
        double tolerance = 1e-5 * Math.Abs(result.LossSum);
        result.LossSum.ShouldBe(expected.GetProperty("loss").GetDouble(), tolerance, way);
        result.Correct.ShouldBe(expected.GetProperty("correct").GetInt32(), way);
        AssertAgrees(test.Layout, gradient, folder, way);
        test.Parameters.Span.SequenceEqual(before).ShouldBeTrue("the engine must not write parameters");
        var evaluated = replica.Evaluate(batch);
        evaluated.LossSum.ShouldBe(
            expected.GetProperty("evaluated").GetDouble(), 1e-5 * Math.Abs(evaluated.LossSum), way);
    }

    private static void AssertAgrees(
        ParameterLayout layout, NativeBuffer<float> gradient, TemporaryFolder folder, string way)
    {
        byte[] bytes = File.ReadAllBytes(folder.File("gradient.bin"));
        double[] reference = MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        foreach (var slot in layout.Slots)
        {
            var actual = gradient.Slice(slot.Offset, (int)slot.Length).ToArray();
            var wanted = reference.AsSpan((int)slot.Offset, (int)slot.Length).ToArray();
            double scale = wanted.Max(Math.Abs);
            actual.ShouldAllBe(value => float.IsFinite(value), $"{slot.Name} {way}");
            double worst = actual.Zip(wanted, (a, w) => Math.Abs(a - w)).Max();
            (worst / scale).ShouldBeLessThan(1e-5, $"{slot.Name} {way}");
        }
    }
}
