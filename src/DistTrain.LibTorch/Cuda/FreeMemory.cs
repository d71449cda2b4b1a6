using System.Runtime.InteropServices;

namespace DistTrain.LibTorch.Cuda;

/// <summary>
/// Free memory of a GPU from NVIDIA's management library, which unlike the driver needs no context on the
/// device, and so none of its memory, to say so.
/// </summary>
internal static unsafe class FreeMemory
{
    private static readonly Lazy<IntPtr> Library = new(Load);

    /// <param name="busId">Of the device, ending in a zero.</param>
    /// <returns>Bytes; null: unknown.</returns>
    public static long? At(byte* busId)
    {
        IntPtr library = Library.Value;
        if (library == IntPtr.Zero
            || !NativeLibrary.TryGetExport(library, "nvmlDeviceGetHandleByPciBusId_v2", out IntPtr find)
            || !NativeLibrary.TryGetExport(library, "nvmlDeviceGetMemoryInfo", out IntPtr ask))
        {
            return null;
        }

        IntPtr device;
        ulong* memory = stackalloc ulong[3]; // total, free, used
        return ((delegate* unmanaged<byte*, IntPtr*, int>)find)(busId, &device) == 0
            && ((delegate* unmanaged<IntPtr, ulong*, int>)ask)(device, memory) == 0
                ? (long)memory[1]
                : null;
    }

    private static IntPtr Load()
        => (NativeLibrary.TryLoad("libnvidia-ml.so.1", out IntPtr library)
                || NativeLibrary.TryLoad("nvml.dll", out library))
            && NativeLibrary.TryGetExport(library, "nvmlInit_v2", out IntPtr start)
            && ((delegate* unmanaged<int>)start)() == 0
                ? library
                : IntPtr.Zero;
}
