using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class LayerListTests
{
    [Fact]
    public void Names_and_objects_become_layers_with_their_defaults()
    {
        var layers = Read(
            """
            {"model":{"layers":[
              {"conv2d":{"out":32,"kernel":5,"padding":2,"stride":2,"bias":false}}, "batchnorm2d", "relu",
              {"batchnorm2d":{"momentum":0.2,"epsilon":1e-3}}, {"relu":{}}, "tanh", "gelu",
              {"maxPool2d":{"kernel":3}}, {"avgPool2d":{"kernel":2,"stride":1}}, "globalAvgPool", "flatten",
              {"dropout":0.25}, {"dropout":{"probability":0.1}}, "dropout", {"linear":{"out":10}}]}}
            """).Model.Layers!;

        layers.ShouldBe(
        [
            new LayerSpec
            {
                Kind = LayerKind.Conv2d, Out = 32, Kernel = 5, Padding = 2, Stride = 2, Bias = false,
                Body = layers[0].Body, Shortcut = layers[0].Shortcut,
            },
            new() { Kind = LayerKind.BatchNorm2d }, new() { Kind = LayerKind.Relu },
            new() { Kind = LayerKind.BatchNorm2d, Momentum = 0.2, Epsilon = 1e-3 },
            new() { Kind = LayerKind.Relu },
            new() { Kind = LayerKind.Tanh }, new() { Kind = LayerKind.Gelu },
            new() { Kind = LayerKind.MaxPool2d, Kernel = 3, Stride = 3 },
            new() { Kind = LayerKind.AvgPool2d, Kernel = 2, Stride = 1 },
            new() { Kind = LayerKind.GlobalAvgPool2d }, new() { Kind = LayerKind.Flatten },
            new() { Kind = LayerKind.Dropout, Probability = 0.25 },
            new() { Kind = LayerKind.Dropout, Probability = 0.1 },
            new() { Kind = LayerKind.Dropout, Probability = 0.5 },
            new() { Kind = LayerKind.Linear, Out = 10 },
        ]);
    }

    [Fact]
    public void Residual_blocks_nest()
    {
        var block = Read(
            """
            {"model":{"layers":[{"residual":{
              "body":["relu",{"residual":{"body":["tanh"]}}],
              "shortcut":[{"conv2d":{"out":8,"kernel":1}}]}}]}}
            """).Model.Layers!.ShouldHaveSingleItem();

        block.Body.Select(l => l.Kind).ShouldBe([LayerKind.Relu, LayerKind.Residual]);
        block.Body[1].Body.ShouldHaveSingleItem().Kind.ShouldBe(LayerKind.Tanh);
        block.Body[1].Shortcut.ShouldBeEmpty();
        block.Shortcut.ShouldHaveSingleItem().Out.ShouldBe(8);
    }

    [Fact]
    public void Every_fault_of_a_list_is_told_with_its_line()
        => Problems(
            """
            {"model":{"layers":[
              "rellu",
              "linear",
              {"linear":{}},
              {"linear":{"out":0,"in":3}},
              {"conv2d":{"out":8,"kernel":3,"dilation":2}},
              {"relu":{"slope":1}},
              {"maxpool2d":{"kernel":2}},
              {"dropout":1.5},
              {"residual":{"body":[]}},
              {"residual":{"body":["flaten"]}},
              {"relu":{},"tanh":{}},
              7,
              {"flatten":3}
            ]}}
            """).ShouldBe(
            [
                "job.json:2: model.layers[0]: there is no layer \"rellu\"; did you mean \"relu\"?",
                "job.json:3: model.layers[1]: \"linear\" needs values: {\"linear\": {\"out\": …}}",
                "job.json:4: model.layers[2].linear.out: is missing; give a whole number from 1 to 1048576",
                "job.json:5: model.layers[3].linear.out: 0 is not a whole number from 1 to 1048576",
                "job.json:5: model.layers[3].linear: unknown key \"in\"",
                "job.json:6: model.layers[4].conv2d: unknown key \"dilation\"",
                "job.json:7: model.layers[5].relu: unknown key \"slope\"",
                "job.json:8: model.layers[6]: there is no layer \"maxpool2d\"; did you mean \"maxPool2d\"?",
                "job.json:9: model.layers[7].dropout.probability: 1.5 is not a number of at least 0 and "
                + "below 1",
                "job.json:10: model.layers[8].residual.body: an empty list is not a list of 1 to 1000 layers",
                "job.json:11: model.layers[9].residual.body[0]: there is no layer \"flaten\"; did you mean "
                + "\"flatten\"?",
                "job.json:12: model.layers[10]: an object with 2 keys is not a layer: \"relu\", or "
                    + "{\"linear\": {\"out\": 10}}",
                "job.json:13: model.layers[11]: 7 is not a layer: \"relu\", or {\"linear\": {\"out\": 10}}",
                "job.json:14: model.layers[12].flatten: 3 is not an empty object; write the bare name",
            ]);
}
