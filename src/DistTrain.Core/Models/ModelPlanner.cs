using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Models;

/// <summary>
/// Turns what a job says about its model into a plan: presets become layers, every shape is worked out, and a
/// model that does not fit the data is refused here, with the layer's name, before an engine ever sees it.
/// </summary>
public static class ModelPlanner
{
    /// <param name="model">A preset, a layer list, a TorchScript file, or an assembly and a type.</param>
    /// <param name="input">Shape of one sample.</param>
    /// <param name="outputs">Classes, or regression targets.</param>
    /// <exception cref="UserFaultException">The model is ill-formed or does not fit the data.</exception>
    public static ModelPlan Plan(ModelSpec model, SampleShape input, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        object?[] ways = [model.Preset, model.Layers, model.TorchScript, model.Assembly];
        if (ways.Count(way => way is not null) != 1)
        {
            throw new UserFaultException(
                "model: give exactly one of \"preset\", \"layers\", \"torchscript\" and \"assembly\"");
        }

        if (model.TorchScript is { } path)
        {
            return new ModelPlan { Input = input, Outputs = outputs, TorchScriptPath = path };
        }

        if (model.Assembly is { } assembly)
        {
            return new ModelPlan
            {
                Input = input,
                Outputs = outputs,
                Assembly = new AssemblyModel(assembly, model.Type ?? throw new UserFaultException(
                    "model.type: is missing; give the full name of a type in model.assembly")),
            };
        }

        var specs = model.Layers ?? ModelPresets.Expand(model, input, outputs);
        if (specs.Count == 0)
        {
            throw new UserFaultException(
                "model.layers: the list is empty; the last layer must give the outputs");
        }

        var layers = PlanSequence(specs, "", input.Dimensions);
        RequireOutputs(layers[^1], outputs);
        var layout = LayoutBuilder.Build(layers);
        return new ModelPlan { Input = input, Outputs = outputs, Layers = layers, Layout = layout };
    }

    private static List<PlannedLayer> PlanSequence(
        IReadOnlyList<LayerSpec> specs, string prefix, IReadOnlyList<int> input)
    {
        var planned = new List<PlannedLayer>(specs.Count);
        for (int i = 0; i < specs.Count; i++)
        {
            var layer = PlanLayer(specs[i], $"{prefix}{i}", input);
            planned.Add(layer);
            input = layer.Output;
        }

        return planned;
    }

    private static PlannedLayer PlanLayer(LayerSpec spec, string name, IReadOnlyList<int> input)
    {
        if (spec.Kind != LayerKind.Residual)
        {
            return new PlannedLayer(spec, name, input, ShapeRules.OutputOf(spec, name, input), [], []);
        }

        if (spec.Body.Count == 0)
        {
            throw ShapeRules.Fault(spec, name, "\"body\" is empty; give the layers of the branch");
        }

        var body = PlanSequence(spec.Body, $"{name}.body.", input);
        var shortcut = PlanSequence(spec.Shortcut, $"{name}.shortcut.", input);
        var sum = shortcut.Count == 0 ? input : shortcut[^1].Output;
        if (!body[^1].Output.SequenceEqual(sum))
        {
            throw ShapeRules.Fault(spec, name,
                $"the body gives {ShapeRules.Text(body[^1].Output)}, the shortcut "
                + $"{ShapeRules.Text(sum)}; both must give one shape");
        }

        return new PlannedLayer(spec, name, input, sum, body, shortcut);
    }

    private static void RequireOutputs(PlannedLayer last, int outputs)
    {
        if (last.Output.Count != 1 || last.Output[0] != outputs)
        {
            throw ShapeRules.Fault(last.Spec, last.Name,
                $"the last layer gives {ShapeRules.Text(last.Output)}, the data asks for {outputs} outputs");
        }
    }
}
