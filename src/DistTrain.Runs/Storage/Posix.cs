using System.Runtime.InteropServices;

namespace DistTrain.Runs.Storage;

/// <summary>
/// The few calls that .NET does not offer and that crash safety needs: making a folder only if nobody else
/// has (<c>Directory.CreateDirectory</c> is content with an existing one), a second name for a file, and
/// flushing a folder, without which a rename may be forgotten in a power cut. On systems other than Unix each
/// has a weaker substitute or does nothing.
/// </summary>
internal static partial class Posix
{
    private const int FileExists = 17; // EEXIST on Linux and macOS alike

    /// <summary>Makes one folder; false if something of that name is there already.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool TryMakeDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (Path.Exists(path))
            {
                return false;
            }

            Directory.CreateDirectory(path);
            return true;
        }

        if (mkdir(path, 0x1FF) == 0) // 0777, narrowed by the umask
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == FileExists ? false : throw new IOException(Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>Gives a file a second name; false where the file system cannot.</summary>
    public static bool TryLink(string existing, string added)
        => !OperatingSystem.IsWindows() && link(existing, added) == 0;

    /// <summary>
    /// Flushes a folder's entries to the disk where the system can; a courtesy, never a fault.
    /// </summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = open(path, 0); // O_RDONLY
        if (descriptor >= 0)
        {
            _ = fsync(descriptor);
            _ = close(descriptor);
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string added);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
