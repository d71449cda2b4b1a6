using System.Runtime.InteropServices;
using System.Text;

namespace DistTrain.LibTorch.Cuda;

/// <summary>
/// Asks NVIDIA's driver (libcuda, and libnvidia-ml for free memory) about devices, without libtorch and
/// without CUDA's headers: a machine without a driver simply has no such library.
/// </summary>
public static unsafe class CudaQuery
{
    private const int NoDevice = 100; // CUDA_ERROR_NO_DEVICE
    private const int CapabilityMajor = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private const int CapabilityMinor = 76;
    private const int NameLength = 256;
    private const int MostDevices = 1024;

    /// <summary>Never throws: what is wrong stands in the answer.</summary>
    public static CudaDrivers Ask() => Ask(["libcuda.so.1", "nvcuda.dll"]);

    /// <param name="libraries">Of the driver; the first that loads is asked.</param>
    internal static CudaDrivers Ask(IReadOnlyList<string> libraries)
    {
        foreach (string name in libraries)
        {
            if (NativeLibrary.TryLoad(name, out IntPtr library))
            {
                try
                {
                    return Ask(new DriverLibrary(library));
                }
                catch (EntryPointNotFoundException)
                {
                    return new CudaDrivers { Problem = $"{name} is no driver of NVIDIA's" };
                }
            }
        }

        return new CudaDrivers { Problem = "no NVIDIA driver is installed (libcuda.so.1 is not found)" };
    }

    private static CudaDrivers Ask(DriverLibrary driver)
    {
        int version = 0, count = 0;
        driver.Version(&version);
        string text = $"{version / 1000}.{version % 1000 / 10}";
        int failed = driver.Init(0);
        if (failed == 0)
        {
            failed = driver.Count(&count);
        }

        string? problem = failed == NoDevice || (failed == 0 && count == 0)
            ? "the NVIDIA driver is there, but it shows no GPU to this process"
            : failed != 0 ? $"the NVIDIA driver does not answer (CUDA error {failed})" : null;
        return new CudaDrivers
        {
            DriverVersion = text,
            Problem = problem,
            Devices = problem is not null
                ? []
                : [.. Enumerable.Range(0, Math.Clamp(count, 0, MostDevices))
                    .Select(index => Device(driver, index)).OfType<CudaDevice>()],
        };
    }

    private static CudaDevice? Device(DriverLibrary driver, int index)
    {
        int device, major = 0, minor = 0;
        nuint total = 0;
        byte* name = stackalloc byte[NameLength];
        byte* bus = stackalloc byte[NameLength];
        if (driver.Get(&device, index) != 0 || driver.Name(name, NameLength, device) != 0
            || driver.Memory(&total, device) != 0
            || driver.Attribute(&major, CapabilityMajor, device) != 0
            || driver.Attribute(&minor, CapabilityMinor, device) != 0)
        {
            return null;
        }

        CardMemory? memory = driver.BusId(bus, NameLength, device) == 0 ? CardMemory.At(bus) : null;
        return new CudaDevice(
            index, Text(name), (long)total, memory, new ComputeCapability(major, minor));
    }

    private static string Text(byte* text)
        => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    /// <summary>The driver's functions that are needed, by their names.</summary>
    private sealed class DriverLibrary(IntPtr library)
    {
        public readonly delegate* unmanaged<int*, int> Version =
            (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDriverGetVersion");

        public readonly delegate* unmanaged<uint, int> Init =
            (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit");

        public readonly delegate* unmanaged<int*, int> Count =
            (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDeviceGetCount");

        public readonly delegate* unmanaged<int*, int, int> Get =
            (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(library, "cuDeviceGet");

        public readonly delegate* unmanaged<byte*, int, int, int> Name =
            (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(library, "cuDeviceGetName");

        public readonly delegate* unmanaged<nuint*, int, int> Memory =
            (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(library, "cuDeviceTotalMem_v2");

        public readonly delegate* unmanaged<int*, int, int, int> Attribute =
            (delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(
                library, "cuDeviceGetAttribute");

        public readonly delegate* unmanaged<byte*, int, int, int> BusId =
            (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(
                library, "cuDeviceGetPCIBusId");
    }
}
