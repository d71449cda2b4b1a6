using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.TorchSharp.Runtime;

/// <summary>Devices by name: "cpu" or "cuda:N".</summary>
internal static partial class TorchDevice
{
    private const string CudaPrefix = "cuda:";
    private static readonly Lock Gate = new();
    private static bool _isDeterministic;

    /// <exception cref="UserFaultException">There is no such device here.</exception>
    public static Device Open(string name)
    {
        if (DeviceList.Parse(name).Of(0) == DeviceList.Cpu)
        {
            return CPU;
        }

        RequireDeterminism();
        if (!TryInitializeDeviceType(DeviceType.CUDA))
        {
            throw new UserFaultException(
                $"device \"{name}\": this TorchSharp has no CUDA, or no GPU is present; use \"cpu\", or "
                + "build with -p:TorchSharpCuda=true");
        }

        int index = int.Parse(name[CudaPrefix.Length..]);
        int count = cuda.device_count();
        return index < count ? new Device(DeviceType.CUDA, index)
            : throw new UserFaultException($"device \"{name}\": this machine has {count} GPU(s), cuda:0 to "
                + $"cuda:{count - 1}");
    }

    /// <summary>
    /// What this TorchSharp can be told: cuBLAS is deterministic only with a fixed workspace, read from the
    /// environment of the C library when its first handle is made, and TensorFloat-32 rounds inputs.
    /// </summary>
    private static void RequireDeterminism()
    {
        lock (Gate)
        {
            if (_isDeterministic)
            {
                return;
            }

            if (!OperatingSystem.IsWindows())
            {
                _ = SetEnvironment("CUBLAS_WORKSPACE_CONFIG", ":4096:8", overwrite: 0);
            }

            backends.cuda.matmul.allow_tf32 = false;
            backends.cudnn.allow_tf32 = false;
            _isDeterministic = true;
        }
    }

    // .NET's own Environment is a copy that native code does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
