using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;

namespace DistTrain.Core.Tests.Models;

public class ModelPlannerTests
{
    private static readonly SampleShape Mnist = SampleShape.Image(1, 28, 28);

    [Theory]
    [InlineData("softmax", 7_850)]
    [InlineData("mlp", 101_770)]
    [InlineData("lenet", 61_706)]
    [InlineData("cnn", 3_274_634)]
    [InlineData("resnet8", 77_754)]
    public void Presets_have_the_parameter_counts_of_their_papers(string preset, long parameters)
        => Plan(new ModelSpec { Preset = preset }, Mnist).Layout!.ParameterCount.ShouldBe(parameters);

    [Fact]
    public void Mlp_is_planned_with_hidden_sizes_activation_and_dropout()
    {
        var spec = new ModelSpec { Preset = "mlp", Hidden = [512, 256], Activation = "gelu", Dropout = 0.5 };
        var plan = Plan(spec, Mnist);

        plan.Layers.Select(layer => layer.Spec.Kind).ShouldBe(
        [
            LayerKind.Flatten, LayerKind.Linear, LayerKind.Gelu, LayerKind.Dropout,
            LayerKind.Linear, LayerKind.Gelu, LayerKind.Dropout, LayerKind.Linear,
        ]);
        plan.Layout!.Slots.Select(slot => slot.Name).ShouldBe(
            ["1.weight", "1.bias", "4.weight", "4.bias", "7.weight", "7.bias"]);
        plan.Layout.Slots[0].Shape.ShouldBe([512, 784]);
    }

    [Fact]
    public void Layout_packs_parameters_first_then_buffers()
    {
        var layout = Plan(new ModelSpec { Preset = "resnet8" }, SampleShape.Image(3, 32, 32)).Layout!;

        long next = 0;
        foreach (var slot in layout.Slots)
        {
            slot.Offset.ShouldBe(next);
            next += slot.Length;
        }

        next.ShouldBe(layout.TotalCount);
        layout.Slots.Where(slot => slot.Offset >= layout.ParameterCount)
            .ShouldAllBe(slot => slot.Name.Contains(".running_"));
        layout.Slots.Where(slot => slot.Offset < layout.ParameterCount)
            .ShouldAllBe(slot => !slot.Name.Contains(".running_"));
        layout.Slots.Select(slot => slot.Name).ShouldContain("5.body.3.weight");
        layout.Slots.Select(slot => slot.Name).ShouldContain("5.shortcut.1.running_var");
    }

    [Theory]
    [InlineData(28, 28, 3, 1, 0, 26, 26)]
    [InlineData(28, 28, 5, 1, 2, 28, 28)]
    [InlineData(7, 9, 3, 2, 1, 4, 5)]
    [InlineData(3, 3, 3, 5, 0, 1, 1)]
    public void Convolutions_and_pools_slide_as_in_PyTorch(
        int h, int w, int kernel, int stride, int padding, int rows, int columns)
    {
        var pool = Pool(kernel, stride) with { Kind = LayerKind.AvgPool2d, Padding = padding };
        var conv = pool with { Kind = LayerKind.Conv2d, Out = 4 };
        var shape = SampleShape.Image(2, h, w);

        Plan(Ending(conv), shape).Layers[0].Output.ShouldBe([4, rows, columns]);
        if (padding <= kernel / 2)
        {
            Plan(Ending(pool), shape).Layers[0].Output.ShouldBe([2, rows, columns]);
        }
    }

    [Fact]
    public void A_TorchScript_model_is_left_to_the_engine()
    {
        var plan = Plan(new ModelSpec { TorchScript = "model.pt" }, Mnist);

        plan.TorchScriptPath.ShouldBe("model.pt");
        plan.Layout.ShouldBeNull();
        plan.Layers.ShouldBeEmpty();
    }

    [Fact]
    public void A_module_of_an_assembly_is_left_to_the_engine()
    {
        var plan = Plan(new ModelSpec { Assembly = "my.dll", Type = "My.Net" }, Mnist);

        plan.Assembly.ShouldBe(new AssemblyModel("my.dll", "My.Net"));
        plan.Layout.ShouldBeNull();
        plan.Layers.ShouldBeEmpty();
    }

    public static TheoryData<string, ModelSpec> Misfits() => new()
    {
        { "model.preset: \"resnet9\" is not known; use one of softmax, mlp, lenet, cnn, resnet8, resnet20",
            new ModelSpec { Preset = "resnet9" } },
        { "model.activation: \"swish\" is not known; use one of relu, tanh, gelu",
            new ModelSpec { Preset = "mlp", Activation = "swish" } },
        { "model layer 1 (linear, out 0): \"out\" must be at least 1",
            new ModelSpec { Preset = "mlp", Hidden = [0] } },
        { "model: give exactly one of \"preset\", \"layers\", \"torchscript\" and \"assembly\"",
            new ModelSpec() },
        { "model.layers: the list is empty; the last layer must give the outputs",
            new ModelSpec { Layers = [] } },
        { "model layer 0 (linear, out 10): input is an image of 1×28×28; put a flatten layer before it",
            Layers(new LayerSpec { Kind = LayerKind.Linear, Out = 10 }) },
        { "model layer 1 (conv2d, kernel 5): input 3×3 is smaller than the kernel",
            Layers(Pool(9, 9), new LayerSpec { Kind = LayerKind.Conv2d, Out = 1, Kernel = 5 }) },
        { "model layer 1 (conv2d, kernel 7): input 3×3 with padding 1 is smaller than the kernel",
            Layers(Pool(9, 9), new LayerSpec { Kind = LayerKind.Conv2d, Out = 1, Kernel = 7, Padding = 1 }) },
        { "model layer 1 (batchnorm2d): needs an image (channels×height×width), the input is 784 numbers",
            Layers(Flatten, new LayerSpec { Kind = LayerKind.BatchNorm2d }) },
        { "model layer 0 (dropout): the probability must lie in [0, 1)",
            Layers(new LayerSpec { Kind = LayerKind.Dropout, Probability = 1 }) },
        { "model layer 1 (linear, out 12): the last layer gives 12, the data asks for 10 outputs",
            Layers(Flatten, new LayerSpec { Kind = LayerKind.Linear, Out = 12 }) },
        { "model layer 0 (residual): the body gives 1×14×14, the shortcut 1×28×28; both must give one shape",
            Layers(new LayerSpec { Kind = LayerKind.Residual, Body = [Pool(2, 2)] }) },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_model_that_does_not_fit_is_one_clear_line(string message, ModelSpec spec)
        => Should.Throw<UserFaultException>(() => Plan(spec, Mnist)).Message.ShouldBe(message);

    [Fact]
    public void Hostile_sizes_are_refused_before_anything_is_allocated()
    {
        var huge = new LayerSpec { Kind = LayerKind.Linear, Out = int.MaxValue };

        Should.Throw<UserFaultException>(
                () => ModelPlanner.Plan(Layers(huge, huge), SampleShape.Vector(1), int.MaxValue))
            .Message.ShouldBe("model layer 1 (linear, out 2147483647): its 4611686014132420609 weights are "
                + "more than the engine addresses (1099511627776)");
    }

    private static LayerSpec Flatten => new() { Kind = LayerKind.Flatten };
    private static LayerSpec Pool(int kernel, int stride)
        => new() { Kind = LayerKind.MaxPool2d, Kernel = kernel, Stride = stride };

    private static ModelSpec Layers(params LayerSpec[] layers) => new() { Layers = layers };

    private static ModelSpec Ending(LayerSpec first)
        => Layers(first, Flatten, new LayerSpec { Kind = LayerKind.Linear, Out = 10 });

    private static ModelPlan Plan(ModelSpec spec, SampleShape shape) => ModelPlanner.Plan(spec, shape, 10);
}
