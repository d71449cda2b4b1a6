using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.TorchSharp.Runtime;
using Sequential = global::TorchSharp.Modules.Sequential;

namespace DistTrain.TorchSharp.Models;

/// <summary>
/// A job's list of layers as TorchSharp modules. Names are the plan's, "3.body.1.weight", so that tensors
/// find their slots.
/// </summary>
internal sealed class LayerModules
{
    private readonly ShardKey _key = new();
    private int _position;

    private LayerModules()
    {
    }

    public static ReplicaModule Build(ModelPlan plan)
    {
        var modules = new LayerModules();
        // Layers draw first values when they are made. Nobody uses these, but numbers drawn aside would shift
        // those of a user's module that is being made at the same time.
        var sequence = Draws.Seeded(0, () => modules.SequenceOf(plan.Layers));
        return new ReplicaModule(sequence, Draws: false, modules._key);
    }

    private Sequential SequenceOf(IReadOnlyList<PlannedLayer> layers)
        => nn.Sequential(layers.Select((layer, i) => (i.ToString(), Build(layer))));

    private nn.Module<Tensor, Tensor> Build(PlannedLayer layer)
    {
        var spec = layer.Spec;
        // Counted over the whole list in the order it is read, nested layers in: it keys dropout's masks.
        int position = _position++;
        int inputs = layer.Input[0];
        return spec.Kind switch
        {
            LayerKind.Linear => nn.Linear(inputs, spec.Out, spec.Bias),
            LayerKind.Conv2d => nn.Conv2d(
                inputs, spec.Out, (long)spec.Kernel, spec.Stride, (long)spec.Padding, bias: spec.Bias),
            LayerKind.BatchNorm2d => nn.BatchNorm2d(inputs, spec.Epsilon, spec.Momentum),
            LayerKind.Relu => nn.ReLU(),
            LayerKind.Tanh => nn.Tanh(),
            LayerKind.Gelu => nn.GELU(),
            LayerKind.Dropout => new KeyedDropout(spec.Probability, position, _key),
            LayerKind.MaxPool2d => nn.MaxPool2d((long)spec.Kernel, spec.Stride, spec.Padding),
            LayerKind.AvgPool2d => nn.AvgPool2d((long)spec.Kernel, spec.Stride, spec.Padding),
            LayerKind.GlobalAvgPool2d => new GlobalAverage(),
            LayerKind.Flatten => nn.Flatten(),
            LayerKind.Residual => new Residual(SequenceOf(layer.Body), SequenceOf(layer.Shortcut)),
            _ => throw new ArgumentOutOfRangeException(
                nameof(layer), spec.Kind, "The engine has no such layer."),
        };
    }

    /// <summary>The mean over each channel's plane: [n, c, h, w] to [n, c].</summary>
    private sealed class GlobalAverage() : nn.Module<Tensor, Tensor>(nameof(GlobalAverage))
    {
        public override Tensor forward(Tensor input) => input.mean([2, 3]);
    }

    /// <summary>y = body(x) + shortcut(x); an empty shortcut is the identity.</summary>
    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential _body, _shortcut;

        public Residual(Sequential body, Sequential shortcut) : base(nameof(Residual))
        {
            (_body, _shortcut) = (body, shortcut);
            register_module("body", body);
            register_module("shortcut", shortcut);
        }

        public override Tensor forward(Tensor input) => _body.call(input) + _shortcut.call(input);
    }
}
