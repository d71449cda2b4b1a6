using DistTrain.Core.Datasets;

namespace DistTrain.Core.Models;

/// <summary>
/// A model with every shape worked out: either a list of planned layers, or a TorchScript file or a type of
/// an assembly, whose layout only an engine can tell.
/// </summary>
public sealed record ModelPlan
{
    public required SampleShape Input { get; init; }

    /// <summary>Outputs per sample: classes, or regression targets.</summary>
    public required int Outputs { get; init; }

    /// <summary>Empty for a TorchScript model and for one from an assembly.</summary>
    public IReadOnlyList<PlannedLayer> Layers { get; init; } = [];

    public string? TorchScriptPath { get; init; }

    /// <summary>A user's own module; null: the model is a list of layers or a TorchScript file.</summary>
    public AssemblyModel? Assembly { get; init; }

    /// <summary>null for a TorchScript model and for one from an assembly.</summary>
    public ParameterLayout? Layout { get; init; }
}

/// <summary>A module of a user's own in a .NET assembly.</summary>
/// <param name="Path">The assembly's file.</param>
/// <param name="Type">Full name of the type: "My.Net".</param>
public sealed record AssemblyModel(string Path, string Type);

/// <summary>
/// A layer with its input and output shapes (without the batch) and where its parameters begin.
/// </summary>
/// <param name="Spec">As the job wrote it.</param>
/// <param name="Name">Path in the model, PyTorch style: "0", "3.body.1".</param>
/// <param name="Input">[C, H, W] or [F].</param>
/// <param name="Output">[C, H, W] or [F].</param>
/// <param name="Body">residual: the planned branch.</param>
/// <param name="Shortcut">residual: the planned shortcut.</param>
public sealed record PlannedLayer(
    Jobs.LayerSpec Spec, string Name, IReadOnlyList<int> Input, IReadOnlyList<int> Output,
    IReadOnlyList<PlannedLayer> Body, IReadOnlyList<PlannedLayer> Shortcut);
