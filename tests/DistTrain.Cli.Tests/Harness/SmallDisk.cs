using System.Diagnostics;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>
/// A disk that really fills up, or really cannot be written. Only root on Linux may have one.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(int megabytes, bool readOnly = false)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is made with Linux's tmpfs");
        Skip.IfNot(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        Root = Directory.CreateTempSubdirectory("disttrain-disk-").FullName;
        string options = $"size={megabytes}m,{(readOnly ? "ro" : "rw")}";
        if (Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Root) != 0)
        {
            Directory.Delete(Root);
            Skip.If(true, "this machine does not allow mounting a tmpfs");
        }
    }

    public string Root { get; }

    /// <summary>Takes all the space there is left; deleting the file gives it back.</summary>
    public string FillUp()
    {
        string path = Path.Combine(Root, "ballast");
        using var file = new FileStream(
            path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        while (true)
        {
            try
            {
                file.Write(page);
            }
            catch (IOException)
            {
                return path;
            }
        }
    }

    public void Dispose()
    {
        Run("umount", Root);
        Directory.Delete(Root);
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
