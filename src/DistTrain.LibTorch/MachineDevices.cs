using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Engine;
using DistTrain.LibTorch.Cuda;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch;

/// <summary>The libtorch that this program found.</summary>
public sealed record LibTorchFound
{
    /// <summary>Of the native library; null: there is none.</summary>
    public string? NativeLibrary { get; init; }

    /// <summary>The folder libtorch itself was loaded from; null: unknown.</summary>
    public string? Folder { get; init; }

    /// <summary>Such as "1.13.1"; null: it could not be loaded.</summary>
    public string? Version { get; init; }

    /// <summary>The CUDA it was built with, such as "12.6"; null: none.</summary>
    public string? Cuda { get; init; }

    /// <summary>Why it could not be loaded; null: it was.</summary>
    public string? Problem { get; init; }
}

/// <summary>What this machine can compute on, and why not on more.</summary>
/// <param name="LibTorch">The engine.</param>
/// <param name="Cpu">The processor.</param>
/// <param name="Drivers">GPUs as the driver sees them, whether or not libtorch can use them.</param>
public sealed record MachineDevices(LibTorchFound LibTorch, CpuDevice Cpu, CudaDrivers Drivers)
{
    /// <summary>Why no GPU can be used, for people; null: one can.</summary>
    public string? WhyNoGpu => LibTorch switch
    {
        { Problem: { } problem } => problem,
        { Cuda: null } => "this libtorch has no CUDA: it is a build for the CPU alone"
            + (Drivers.Devices.Count == 0 ? "" : "; build with LIBTORCH=/path of one that has"),
        _ => Drivers.Problem ?? WhyTooOld,
    };

    /// <summary>
    /// A driver serves programs of every CUDA of its own major version and of those before it (NVIDIA calls
    /// it minor version compatibility), and of none that came later.
    /// </summary>
    private string? WhyTooOld
        => Version.TryParse(LibTorch.Cuda, out Version? built)
            && Version.TryParse(Drivers.DriverVersion, out Version? served) && served.Major < built.Major
                ? $"the NVIDIA driver serves CUDA up to {served}, and this libtorch is built for {built}: "
                    + "it takes a newer driver"
                : null;

    /// <summary>GPUs that can be used.</summary>
    public IReadOnlyList<CudaDevice> Usable => WhyNoGpu is null ? Drivers.Devices : [];

    /// <summary>Asks libtorch, the system and the driver; loads the native library.</summary>
    public static MachineDevices OfThisMachine()
        => new(FindLibTorch(), CpuDevice.OfThisMachine(), CudaQuery.Ask());

    /// <summary>Makes sure that devices are there, whatever else is.</summary>
    /// <param name="names">"cpu" or GPUs.</param>
    /// <exception cref="UserFaultException">One is not; the message names those that are.</exception>
    public static void Require(DeviceList names)
    {
        if (names.Names is [DeviceList.Cpu])
        {
            return;
        }

        MachineDevices here = OfThisMachine();
        foreach (string name in names.Names)
        {
            if (!here.Usable.Any(gpu => name == NameOf(gpu)))
            {
                throw new UserFaultException($"device \"{name}\": {here.WhyNot()}");
            }
        }
    }

    /// <summary>Memory of a device, in bytes; for a GPU that is not there, this machine's.</summary>
    /// <param name="device">"cpu" or "cuda:N".</param>
    public static long MemoryOf(string device)
        => FindGpu(device)?.TotalBytes ?? CpuDevice.OfThisMachine().MemoryBytes;

    /// <summary>A GPU as the driver sees it; null: there is none of this name.</summary>
    public static CudaDevice? FindGpu(string device)
        => device == DeviceList.Cpu
            ? null : CudaQuery.Ask().Devices.FirstOrDefault(gpu => device == NameOf(gpu));

    /// <summary>As it is written on a command line.</summary>
    public static string NameOf(CudaDevice gpu) => $"cuda:{gpu.Index}";

    private string WhyNot() => WhyNoGpu is { } why
        ? $"{why}; there is cpu"
        : $"there is no such GPU; there are {string.Join(", ", Usable.Select(gpu =>
            $"{NameOf(gpu)} ({gpu.Name})"))} and cpu";

    private static unsafe LibTorchFound FindLibTorch()
    {
        string? library = NativeLoader.Find();
        try
        {
            NativeLoader.EnsureLoaded();
        }
        catch (UserFaultException fault)
        {
            return new LibTorchFound { NativeLibrary = library, Problem = fault.Message };
        }

        int cuda = Native.dt_torch_cuda();
        return new LibTorchFound
        {
            NativeLibrary = library,
            Folder = FolderOfLibTorch(),
            Version = Marshal.PtrToStringUTF8((IntPtr)Native.dt_torch_version()),
            Cuda = cuda == 0 ? null : $"{cuda / 1000}.{cuda % 1000 / 10}",
        };
    }

    /// <summary>From the table of what is mapped into this process, where the system keeps one.</summary>
    private static string? FolderOfLibTorch()
    {
        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps))
        {
            return null;
        }

        string? line = File.ReadLines(Maps)
            .FirstOrDefault(line => line.Contains("/libtorch_cpu.so", StringComparison.Ordinal));
        return line is null
            ? null : Path.GetDirectoryName(line[line.IndexOf('/', StringComparison.Ordinal)..]);
    }
}
