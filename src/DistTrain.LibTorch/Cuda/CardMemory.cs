using System.Runtime.InteropServices;

namespace DistTrain.LibTorch.Cuda;

/// <summary>
/// Memory of a GPU from NVIDIA's management library, which unlike the driver needs no context on the device,
/// and so none of its memory, to say so.
/// </summary>
/// <param name="FreeBytes">What nobody uses.</param>
/// <param name="UsedBytes">What processes use, other people's too, and what the driver keeps.</param>
public readonly record struct CardMemory(long FreeBytes, long UsedBytes)
{
    private static readonly Lazy<IntPtr> Library = new(() => Load(["libnvidia-ml.so.1", "nvml.dll"]));

    /// <param name="busId">Of the device, ending in a zero.</param>
    /// <returns>null: the library is not there, or does not know the device.</returns>
    internal static unsafe CardMemory? At(byte* busId) => At(Library.Value, busId);

    internal static unsafe CardMemory? At(IntPtr library, byte* busId)
    {
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
                ? new CardMemory((long)memory[1], (long)memory[2])
                : null;
    }

    /// <summary>The first that loads and starts; zero: none.</summary>
    internal static unsafe IntPtr Load(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out IntPtr library)
                && NativeLibrary.TryGetExport(library, "nvmlInit_v2", out IntPtr start)
                && ((delegate* unmanaged<int>)start)() == 0)
            {
                return library;
            }
        }

        return IntPtr.Zero;
    }
}
