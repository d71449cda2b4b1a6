using System.Diagnostics;

namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>A disk of one mebibyte, which really fills up. Only root on Linux may have one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _mounted;

    public SmallDisk()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is made with Linux's tmpfs");
        Skip.IfNot(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        Root = Directory.CreateDirectory(_folder["disk"]).FullName;
        _mounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", Root) == 0;
        if (!_mounted)
        {
            _folder.Dispose();
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
        try
        {
            for (int i = 0; i < 1024; i++)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            return path;
        }

        throw new InvalidOperationException("The small disk did not fill up.");
    }

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", Root);
            _folder.Dispose();
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program, arguments)
        { UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
