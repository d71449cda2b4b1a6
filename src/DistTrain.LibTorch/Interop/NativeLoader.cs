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
    public static string? Find() => Find(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <param name="given">The variable's value; null or empty: not set.</param>
    internal static string? Find(string? given)
    {
        if (given is { Length: > 0 })
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

    /// <summary>Loads the library that <paramref name="given"/> leads to, if it is the right one.</summary>
    /// <exception cref="UserFaultException">It is missing, unloadable, or of another version.</exception>
    internal static IntPtr Open(string? given)
    {
        string path = Find(given) ?? throw new UserFaultException(given is { Length: > 0 }
            ? $"{EnvironmentVariable} is {given}, where there is no {FileName}: name the file or its folder"
            : $"the native library {FileName} is missing: run `./build.sh build`, "
                + $"or name it in {EnvironmentVariable}");
        IntPtr library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new UserFaultException(
                $"the native library {path} cannot be loaded: {ReasonOf(exception)}; is its libtorch where "
                + "the system looks, and the one it was built against? `./build.sh build` builds it again",
                exception);
        }

        try
        {
            RequireVersion(library, path);
        }
        catch
        {
            NativeLibrary.Free(library);
            throw;
        }

        return library;
    }

    // What the system says comes last, below .NET's advice: which library is missing, or of another version.
    private static string ReasonOf(Exception exception)
        => exception.Message.TrimEnd().Split('\n')[^1].Trim().TrimEnd('.');

    // Asked by address, before anything is bound: a library that is not ours has no such function.
    private static unsafe void RequireVersion(IntPtr library, string path)
    {
        if (!NativeLibrary.TryGetExport(library, nameof(Native.dt_abi_version), out IntPtr function))
        {
            throw new UserFaultException($"{path} is not DistTrain's native library: "
                + $"run `./build.sh build`, or name another in {EnvironmentVariable}");
        }

        uint version = ((delegate* unmanaged<uint>)function)();
        if (version != Native.DT_ABI_VERSION)
        {
            throw new UserFaultException($"the native library {path} speaks version {version} of the "
                + $"interface, this program {Native.DT_ABI_VERSION}: run `./build.sh build` again");
        }
    }

    private static string FileName => OperatingSystem.IsMacOS() ? "libdisttrain_native.dylib"
        : OperatingSystem.IsWindows() ? "disttrain_native.dll" : "libdisttrain_native.so";

    private static IntPtr Load()
    {
        IntPtr library = Open(Environment.GetEnvironmentVariable(EnvironmentVariable));
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(),
            (name, _, _) => name == Native.Library ? library : IntPtr.Zero);
        return library;
    }
}
