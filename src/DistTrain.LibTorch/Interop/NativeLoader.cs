using System.Reflection;
using System.Runtime.InteropServices;
using DistTrain.Core;

namespace DistTrain.LibTorch.Interop;

/// <summary>
/// Finds and loads the native library, once, when the first engine is made: loading libtorch takes longer
/// than everything that `disttrain --help` does. Looked for in DISTTRAIN_NATIVE (the file or its folder),
/// beside the program, and in artifacts/native of any folder above the program.
/// </summary>
internal static class NativeLoader
{
    public const string EnvironmentVariable = "DISTTRAIN_NATIVE";

    private static readonly Lazy<IntPtr> Loaded = new(Load);

    /// <exception cref="UserFaultException">The library is missing, unloadable, or of another
    /// version.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The library's path; null where it is nowhere.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } given)
        {
            string path = Directory.Exists(given) ? Path.Combine(given, FileName) : given;
            return File.Exists(path) ? Path.GetFullPath(path) : null;
        }

        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        if (File.Exists(beside))
        {
            return beside;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
        {
            string built = Path.Combine(folder.FullName, "artifacts", "native", FileName);
            if (File.Exists(built))
            {
                return built;
            }
        }

        return null;
    }

    private static string FileName => OperatingSystem.IsMacOS() ? "libdisttrain_native.dylib"
        : OperatingSystem.IsWindows() ? "disttrain_native.dll" : "libdisttrain_native.so";

    private static IntPtr Load()
    {
        string path = Find() ?? throw new UserFaultException(
            $"the native library {FileName} is missing: run `./build.sh build`, "
            + $"or name it in {EnvironmentVariable}");
        IntPtr library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new UserFaultException(
                $"the native library {path} cannot be loaded (libtorch missing or of another version?): "
                + "run `./build.sh build` again", exception);
        }

        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(),
            (name, _, _) => name == Native.Library ? library : IntPtr.Zero);
        uint version = Native.dt_abi_version();
        return version == Native.DT_ABI_VERSION
            ? library
            : throw new UserFaultException($"the native library {path} speaks version {version} of the "
                + $"interface, this program {Native.DT_ABI_VERSION}: run `./build.sh build` again");
    }
}
