using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Cuda;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch;

/// <summary>
/// The engine on libtorch. One instance serves a process; its replicas each belong to the thread that made
/// them.
/// </summary>
public sealed class LibTorchEngine : IEngine, IDisposable
{
    private readonly string? _device;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ScriptModel> _scripts = new(StringComparer.Ordinal);

    /// <param name="device">
    /// The devices that replicas are going to ask for (a <see cref="DeviceList"/>): checked here, so that a
    /// missing GPU shows before a run begins, and named by <see cref="Description"/>. It binds no replica:
    /// each works where its <see cref="ReplicaOptions.Device"/> says. Null: not known yet.
    /// </param>
    /// <exception cref="UserFaultException">
    /// The native library is missing or of another version, or the device is not there.
    /// </exception>
    public LibTorchEngine(string? device = null)
    {
        NativeLoader.EnsureLoaded();
        if (device is not null)
        {
            DeviceList devices = DeviceList.Parse(device);
            MachineDevices.Require(devices);
            foreach (string name in devices.Names)
            {
                Status.ThrowIfFailed(Native.dt_check_device(name));
            }
        }

        _device = device;
    }

    /// <summary>True where the native library can be found; it is not loaded by asking.</summary>
    public static bool IsBuilt => NativeLoader.Find() is not null;

    public unsafe string Description
        => $"libtorch {Marshal.PtrToStringUTF8((IntPtr)Native.dt_torch_version())}"
            + (_device is null ? "" : $" on {_device}");

    /// <summary>
    /// Makes replicas on the CPU work as they do on a GPU: copies of parameters, gradients and batches, and
    /// libtorch's own kernels alone. It lets a machine without one test that path.
    /// </summary>
    internal bool WorksAsDevice { get; init; }

    public ParameterLayout LayoutOf(ModelPlan model)
        => model.TorchScriptPath is null ? LayoutOfLayers(model) : ScriptOf(model).Layout;

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters)
    {
        if (model.TorchScriptPath is null)
        {
            return false;
        }

        ScriptOf(model).Read(parameters);
        return true;
    }

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters)
    {
        var layout = LayoutOf(options.Model);
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters.Length, layout.TotalCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        var native = Encode(options, layout, parameters);
        ReplicaHandle handle;
        int status = options.Model.TorchScriptPath is null
            ? CreateLayered(options, in native, out handle)
            : Native.dt_script_replica_create(
                ScriptOf(options.Model).Handle, in native, options.Device, out handle);
        Status.ThrowIfFailed(status, options.Device);
        return new LibTorchReplica(handle, options.Model, layout.TotalCount, parameters, options.Device);
    }

    public void RequirePrecision(Precision precision, string device)
    {
        foreach (string name in DeviceList.Parse(device).Names)
        {
            if (name == DeviceList.Cpu)
            {
                PrecisionRules.Require(precision, name, null, PrecisionRules.OfCpu);
            }
            else if (MachineDevices.FindGpu(name) is { } gpu)
            {
                PrecisionRules.Require(precision, name, gpu.Name, PrecisionRules.OfGpu(gpu.Capability));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var script in _scripts.Values)
            {
                script.Dispose();
            }

            _scripts.Clear();
        }
    }

    private static int CreateLayered(
        ReplicaOptions options, in Native.dt_replica_options native, out ReplicaHandle handle)
    {
        var layers = LayerEncoding.Encode(options.Model);
        return Native.dt_replica_create(layers, layers.Length, in native, options.Device, out handle);
    }

    private static ParameterLayout LayoutOfLayers(ModelPlan model)
        => model.Layout
            ?? throw new ArgumentException("A plan has a layout or a TorchScript path.", nameof(model));

    /// <summary>dt_precision; part of the ABI, and so not the number of the job's enum.</summary>
    private static int NumberOf(Precision precision) => precision switch
    {
        Precision.Float32 => 0,
        Precision.Tf32 => 1,
        Precision.Bf16 => 2,
        Precision.Fp16 => 3,
        _ => throw new ArgumentOutOfRangeException(
            nameof(precision), precision, "There is no such precision."),
    };

    private unsafe Native.dt_replica_options Encode(
        ReplicaOptions options, ParameterLayout layout, NativeBuffer<float> parameters)
    {
        var shape = options.Model.Input.Dimensions;
        var native = new Native.dt_replica_options
        {
            loss = options.Loss == LossKind.CrossEntropy ? 0 : 1,
            threads = options.Threads,
            rank = shape.Count,
            outputs = options.Model.Outputs,
            as_device = WorksAsDevice ? 1 : 0,
            precision = NumberOf(options.Precision),
            deterministic = options.Deterministic ? 1 : 0,
            label_smoothing = options.LabelSmoothing,
            parameters = parameters.Pointer,
            parameter_count = layout.ParameterCount,
            total_count = layout.TotalCount,
        };
        for (int i = 0; i < shape.Count; i++)
        {
            native.dimensions[i] = shape[i];
        }

        return native;
    }

    private ScriptModel ScriptOf(ModelPlan model)
    {
        lock (_gate)
        {
            string path = Path.GetFullPath(model.TorchScriptPath!);
            if (!_scripts.TryGetValue(path, out var script))
            {
                script = ScriptModel.Open(path);
                _scripts.Add(path, script);
            }

            script.Check(model);
            return script;
        }
    }
}
