using DistTrain.Core;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch;

namespace DistTrain.Cli.Engines;

/// <summary>
/// The engines of this program as one. A module in an assembly is TorchSharp's, a TorchScript file the native
/// engine's; what both can do goes to the one that was chosen. Each is opened when a model first needs it: a
/// process that trains by TorchSharp alone never loads the native library, whose libtorch may be another.
/// </summary>
/// <param name="device">A <see cref="DeviceList"/>.</param>
/// <param name="chosen">For layer lists and presets: one of <see cref="Names"/>.</param>
internal sealed class ProgramEngine(string device, string chosen = ProgramEngine.LibTorch)
    : IEngine, IDisposable
{
    public const string LibTorch = "libtorch";
    public const string TorchSharp = "torchsharp";

    private readonly Lazy<LibTorchEngine> _libTorch = new(() => new LibTorchEngine(device));
    private readonly Lazy<IEngine> _torchSharp = new(() => TorchSharpPart.Open(device));

    public static IReadOnlyList<string> Names { get; } = [LibTorch, TorchSharp];

    public string Description
    {
        get
        {
            string[] opened =
            [
                .. new[] { _libTorch.IsValueCreated ? _libTorch.Value.Description : null,
                    _torchSharp.IsValueCreated ? _torchSharp.Value.Description : null }.OfType<string>(),
            ];
            return opened.Length > 0 ? string.Join("; ", opened) : Chosen.Description;
        }
    }

    private IEngine Chosen => chosen == TorchSharp ? _torchSharp.Value : _libTorch.Value;

    /// <summary>The engine of a run, opened, so that what is missing shows before the run begins.</summary>
    /// <param name="job">Whose model it is.</param>
    /// <param name="chosen">One of <see cref="Names"/>; null: what suits the model.</param>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <exception cref="UserFaultException">
    /// There is no such engine or device here, or the engine chosen cannot run this model.
    /// </exception>
    public static ProgramEngine For(JobSpec job, string? chosen, string device)
    {
        if (chosen is not null && !Names.Contains(chosen))
        {
            throw new UserFaultException(
                $"--engine {chosen}: is not known; use {string.Join(" or ", Names)}");
        }

        bool isModule = job.Model.Assembly is not null;
        if (isModule && chosen == LibTorch)
        {
            throw new UserFaultException(
                "--engine libtorch: model.assembly is a TorchSharp module; leave --engine out");
        }

        var engine = new ProgramEngine(device, isModule ? TorchSharp : chosen ?? LibTorch);
        _ = engine.Chosen;
        return engine;
    }

    public ParameterLayout LayoutOf(ModelPlan model) => Of(model).LayoutOf(model);

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters)
        => Of(model).TryReadInitialValues(model, seed, parameters);

    public void RequirePrecision(Precision precision, string device)
        => Chosen.RequirePrecision(precision, device);

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters)
        => Of(options.Model).CreateReplica(options, parameters);

    public void Dispose()
    {
        if (_libTorch.IsValueCreated)
        {
            _libTorch.Value.Dispose();
        }
    }

    private IEngine Of(ModelPlan model) => model.Assembly is null ? Chosen : _torchSharp.Value;
}
