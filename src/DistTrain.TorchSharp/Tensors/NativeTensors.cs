using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistTrain.Core;

namespace DistTrain.TorchSharp.Tensors;

/// <summary>
/// Tensors over memory of ours. TorchSharp's own factories take managed arrays alone, while parameters and
/// gradients lie in unmanaged buffers that sockets and kernels address too. So the native function behind
/// those factories is called here, and <see cref="Tensor.UnsafeCreateTensor"/>, which is there for such
/// callers, wraps what it gives.
/// </summary>
internal static unsafe partial class NativeTensors
{
    /// <summary>
    /// The libtorch of the TorchSharp releases whose native function has the signature below.
    /// </summary>
    private const string KnownLibTorch = "1.13.0.1";

    private static readonly Lazy<bool> Ready = new(Load);

    /// <summary>Loads TorchSharp's native side, once.</summary>
    /// <exception cref="UserFaultException">It is missing, or of a release that was not tested.</exception>
    public static void EnsureLoaded() => _ = Ready.Value;

    /// <summary>
    /// A float32 tensor that is this memory: no copy, and nothing is freed with it. The memory must outlive
    /// every view of it.
    /// </summary>
    public static Tensor Over(float* memory, params ReadOnlySpan<long> shape)
    {
        fixed (long* sizes = shape)
        {
            IntPtr handle = THSTensor_new(
                memory, &Keep, sizes, shape.Length, (sbyte)ScalarType.Float32, requiresGradient: 0);
            if (handle == IntPtr.Zero)
            {
                CheckForErrors();
            }

            return Tensor.UnsafeCreateTensor(handle);
        }
    }

    private static bool Load()
    {
        if (__version__ != KnownLibTorch)
        {
            throw new UserFaultException(
                $"this TorchSharp is for libtorch {__version__}, this program for {KnownLibTorch}: build it "
                + "with the version of TorchSharp in Directory.Packages.props");
        }

        try
        {
            InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception fault) when (fault is NotSupportedException or DllNotFoundException
            or TypeInitializationException)
        {
            throw new UserFaultException(
                "TorchSharp's native library cannot be loaded: is the package TorchSharp-cpu (or "
                + "-cuda-linux) restored, and is no other libtorch loaded in this process?", fault);
        }

        return true;
    }

    [LibraryImport("LibTorchSharp")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial IntPtr THSTensor_new(
        void* data, delegate* unmanaged[Cdecl]<void*, void> deleter, long* sizes, int dimensions,
        sbyte scalarType, byte requiresGradient);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Keep(void* memory)
    {
        // Its owner frees it.
    }
}
