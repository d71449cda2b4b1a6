using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.TorchSharp.Models;
using DistTrain.TorchSharp.Runtime;
using DistTrain.TorchSharp.Tensors;

namespace DistTrain.TorchSharp;

/// <summary>
/// The engine on TorchSharp: a job's layer lists as TorchSharp modules, and modules that users bring in
/// assemblies of their own. One instance serves a process; its replicas each belong to the thread that made
/// them.
/// </summary>
public sealed class TorchSharpEngine : IEngine
{
    private readonly string? _device;
    private readonly Lock _gate = new();
    private readonly Dictionary<(AssemblyModel, SampleShape, int), UserModel> _models = [];

    /// <param name="device">
    /// The devices that replicas are going to ask for (a <see cref="DeviceList"/>): checked here, so that a
    /// missing GPU shows before a run begins. It binds no replica. Null: not known yet.
    /// </param>
    /// <exception cref="UserFaultException">
    /// TorchSharp's native library is missing or of another version, or the device is not there.
    /// </exception>
    public TorchSharpEngine(string? device = null)
    {
        NativeTensors.EnsureLoaded();
        if (device is not null)
        {
            foreach (string name in DeviceList.Parse(device).Names)
            {
                TorchDevice.Open(name);
            }
        }

        _device = device;
    }

    public string Description
        => $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)} (libtorch {__version__})"
            + (_device is null ? "" : $" on {_device}");

    /// <summary>
    /// Makes replicas on the CPU work as they do on a GPU, with copies of parameters, gradients and batches.
    /// It lets a machine without one test that path.
    /// </summary>
    internal bool WorksAsDevice { get; init; }

    public ParameterLayout LayoutOf(ModelPlan model)
        => model.Layout ?? UserModelOf(model).Layout;

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters)
    {
        if (model.Layout is not null)
        {
            return false;
        }

        UserModelOf(model).ReadInitialValues(seed, parameters);
        return true;
    }

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters)
    {
        var layout = LayoutOf(options.Model);
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters.Length, layout.TotalCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        if (options.Precision != Precision.Float32)
        {
            throw new UserFaultException($"precision: {Description} computes in float32 alone");
        }

        Device device = TorchDevice.Open(options.Device);
        ThreadBounds.Apply(options.Threads);
        var module = options.Model.Layout is null
            ? UserModelOf(options.Model).Build() : LayerModules.Build(options.Model);
        bool isShared = device.type == DeviceType.CPU && !WorksAsDevice;
        return new TorchSharpReplica(options, module, layout, device, isShared, parameters);
    }

    private UserModel UserModelOf(ModelPlan model)
    {
        if (model.Assembly is not { } assembly)
        {
            throw new UserFaultException(
                $"{model.TorchScriptPath}: TorchScript files are run by the engine libtorch; leave out "
                + "--engine torchsharp");
        }

        lock (_gate)
        {
            var key = (assembly with { Path = Path.GetFullPath(assembly.Path) }, model.Input, model.Outputs);
            if (!_models.TryGetValue(key, out var opened))
            {
                opened = UserModel.Open(model);
                _models.Add(key, opened);
            }

            return opened;
        }
    }
}
