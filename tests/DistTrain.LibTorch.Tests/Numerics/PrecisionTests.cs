using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests.Numerics;

/// <summary>
/// bf16 keeps 8 bits, so two sound ways to compute a gradient differ visibly. The judge is the gradient in
/// float64: the engine may be no further from it than PyTorch's own autocast is, with some room for the order
/// of its sums, and must be far enough to show that it computed in bf16 at all.
/// </summary>
public class PrecisionTests
{
    private const double Room = 1.5;
    private const double FarFromFloat32 = 1e-4;

    [SkippableTheory]
    [InlineData("softmax", 1, 28)]
    [InlineData("mlp", 1, 28)]
    [InlineData("lenet", 1, 28)]
    [InlineData("cnn", 1, 28)]
    [InlineData("resnet8", 3, 32)]
    public void A_bf16_gradient_is_as_good_as_that_of_PyTorchs_autocast(string preset, int channels, int size)
    {
        using (Engine.Open())
        {
            PyTorch.Require();
        }

        using var test = new ReferenceCase(
            new ModelSpec { Preset = preset }, SampleShape.Image(channels, size, size), 10, 16, seed: 3);
        using var folder = new TemporaryFolder();
        test.Write(folder.Path, test.Labels.Length, 1, "", 0);
        PyTorch.Run("gradient", folder.Path);
        PyTorch.Run("autocast", folder.Path);
        double[] exact = Read(folder, "gradient.bin"), theirs = Read(folder, "autocast.bin");
        foreach (bool asDevice in (bool[])[false, true])
        {
            double[] ours = Gradient(test, Precision.Bf16, asDevice);
            long trained = test.Layout.ParameterCount;
            double error = Distance(ours, exact, trained), allowed = Distance(theirs, exact, trained);
            error.ShouldBeGreaterThan(FarFromFloat32);
            error.ShouldBeLessThan(Room * allowed, $"as device: {asDevice}; PyTorch's is {allowed}");
            Distance(ours, theirs, trained).ShouldBeLessThan((1 + Room) * allowed);
            Distance(Gradient(test, Precision.Float32, asDevice), exact, trained).ShouldBeLessThan(1e-5);
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_kind_of_layer_computes_in_bf16(bool asDevice)
    {
        LayerSpec[] branch =
            [Conv(4), new() { Kind = LayerKind.BatchNorm2d }, new() { Kind = LayerKind.Gelu }];
        using var test = new ReferenceCase(
            new ModelSpec
            {
                Layers =
                [
                    Conv(4), new() { Kind = LayerKind.Relu },
                    new() { Kind = LayerKind.Residual, Body = branch },
                    new() { Kind = LayerKind.MaxPool2d, Kernel = 2, Stride = 2 },
                    new() { Kind = LayerKind.Residual, Body = branch, Shortcut = [Conv(4)] },
                    new() { Kind = LayerKind.AvgPool2d, Kernel = 2, Stride = 2 },
                    new() { Kind = LayerKind.Dropout, Probability = 0.25 }, new() { Kind = LayerKind.Tanh },
                    new() { Kind = LayerKind.GlobalAvgPool2d }, new() { Kind = LayerKind.Linear, Out = 5 },
                ],
            },
            SampleShape.Image(2, 12, 12), 5, 8);
        double[] reduced = Gradient(test, Precision.Bf16, asDevice);
        double[] full = Gradient(test, Precision.Float32, asDevice);
        double distance = Distance(reduced, full, test.Layout.ParameterCount);
        distance.ShouldBeInRange(FarFromFloat32, 0.1);
        Gradient(test, Precision.Bf16, asDevice).ShouldBe(reduced, "the same bits every time");
    }

    [SkippableTheory]
    [InlineData(Precision.Float32, false)]
    [InlineData(Precision.Float32, true)]
    [InlineData(Precision.Bf16, false)]
    [InlineData(Precision.Bf16, true)]
    public void A_scaled_loss_leaves_no_trace_in_the_bits(Precision precision, bool asDevice)
    {
        using var test = Case();
        double[] plain = Gradient(test, precision, asDevice);
        foreach (double factor in (double[])[1.0 / 1024, 0.5, 4096, 65536])
        {
            Gradient(test, precision, asDevice, factor).ShouldBe(plain, $"{factor}");
        }
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scale_that_is_too_large_shows_in_the_gradient_and_not_in_running_statistics(bool asDevice)
    {
        using var test = Case();
        double[] plain = Gradient(test, Precision.Bf16, asDevice);
        double[] large = Gradient(test, Precision.Bf16, asDevice, Math.ScaleB(1, 127));
        int trained = (int)test.Layout.ParameterCount;
        large.Take(trained).ShouldContain(value => !double.IsFinite(value));
        large.Skip(trained).ShouldBe(plain.Skip(trained));
        plain.Length.ShouldBeGreaterThan(trained);
    }

    [SkippableFact]
    public void Evaluation_computes_in_the_same_precision()
    {
        using var engine = Engine.Open();
        using var test = Case();
        using var batch = test.Batch(0, 6);
        using var full = engine.CreateReplica(test.Options, test.Parameters);
        using var reduced = engine.CreateReplica(
            test.Options with { Precision = Precision.Bf16 }, test.Parameters);
        double exact = full.Evaluate(batch).LossSum, rounded = reduced.Evaluate(batch).LossSum;
        rounded.ShouldNotBe(exact);
        rounded.ShouldBe(exact, 0.05 * Math.Abs(exact));
    }

    [SkippableTheory]
    [InlineData(Precision.Fp16, "fp16")]
    [InlineData(Precision.Tf32, "tf32")]
    public void A_cpu_refuses_what_it_cannot_compute_with(Precision precision, string word)
    {
        using var engine = Engine.Open();
        engine.RequirePrecision(Precision.Float32, "cpu");
        engine.RequirePrecision(Precision.Bf16, "cpu");
        Should.Throw<UserFaultException>(() => engine.RequirePrecision(precision, "cpu")).Message.ShouldBe(
            $"precision \"{word}\": cpu does not compute with it; use one of float32, bf16, "
            + "or another device");
    }

    private static ReferenceCase Case()
        => new(new ModelSpec { Preset = "resnet8" }, SampleShape.Image(3, 32, 32), 10, 6);

    private static LayerSpec Conv(int channels)
        => new() { Kind = LayerKind.Conv2d, Out = channels, Kernel = 3, Padding = 1 };

    private static double[] Gradient(
        ReferenceCase test, Precision precision, bool asDevice, double lossFactor = 1)
    {
        using var engine = Engine.Open(asDevice);
        using IReplica replica = engine.CreateReplica(
            test.Options with { Precision = precision }, test.Parameters);
        using var batch = test.Batch(0, test.Labels.Length);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        replica.ComputeGradient(batch, 1, gradient, lossFactor);
        replica.Settle(gradient);
        return [.. gradient.Span.ToArray().Select(value => (double)value)];
    }

    private static double[] Read(TemporaryFolder folder, string name)
        => MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(folder.File(name))).ToArray();

    /// <summary>Relative to the length of the second.</summary>
    private static double Distance(double[] a, double[] b, long count)
    {
        double difference = 0, length = 0;
        for (int i = 0; i < count; i++)
        {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            length += b[i] * b[i];
        }
        return Math.Sqrt(difference / length);
    }
}
