using System.Runtime.InteropServices;

namespace DistTrain.TorchSharp.Runtime;

/// <summary>
/// Bounds what a replica's thread may start: libtorch's loops, and the BLAS, which torch's own setting does
/// not reach where it is OpenBLAS (MKL obeys torch).
/// </summary>
internal static unsafe class ThreadBounds
{
    private const string Maps = "/proc/self/maps";
    private static readonly Lock Gate = new();
    private static readonly Lazy<IntPtr> SetOpenBlasThreads = new(FindOpenBlas);
    private static bool _isInteropSet;

    /// <summary>Must be called on the replica's own thread.</summary>
    public static void Apply(int threads)
    {
        lock (Gate)
        {
            if (!_isInteropSet)
            {
                _isInteropSet = true;
                try
                {
                    set_num_interop_threads(1);
                }
                catch (ExternalException)
                {
                    // Another user of libtorch in this process has started the pool; nothing here uses it.
                }
            }

            // A thread's first parallel loop takes over what any thread set last; asking has that done with,
            // so that the bound set here is this thread's own from now on.
            _ = get_num_threads();
            set_num_threads(threads);
            if (SetOpenBlasThreads.Value != IntPtr.Zero)
            {
                ((delegate* unmanaged[Cdecl]<int, void>)SetOpenBlasThreads.Value)(threads);
            }
        }
    }

    /// <summary>
    /// Among the libraries of this process, because it is loaded under several names, and into a scope that
    /// a search by symbol does not see.
    /// </summary>
    private static IntPtr FindOpenBlas()
    {
        if (!File.Exists(Maps))
        {
            return IntPtr.Zero;
        }

        var loaded = File.ReadLines(Maps)
            .Select(line => line.IndexOf('/') is var at and >= 0 ? line[at..] : "")
            .Where(path => Path.GetFileName(path).Contains("blas", StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal);
        foreach (string path in loaded)
        {
            if (NativeLibrary.TryLoad(path, out IntPtr library)
                && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out IntPtr setter))
            {
                return setter;
            }
        }

        return IntPtr.Zero;
    }
}
