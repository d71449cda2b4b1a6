using System.Diagnostics;
using DistTrain.LibTorch;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>What not every machine has. A test that needs it is skipped there, with the reason.</summary>
internal static class Needs
{
    private const string Python = "/usr/bin/python3";
    private static readonly Lazy<string?> TorchMissing = new(WhyTorchIsMissing);

    /// <summary>The repository's root; null where the tests run from elsewhere.</summary>
    public static string? Repository { get; } = Above("DistTrain.sln");

    /// <summary>The folder of real data sets: DISTTRAIN_DATA, or shared/data beside the repository.</summary>
    public static string? SharedFolder { get; } = FindShared();

    /// <summary>The native library, without which nothing trains.</summary>
    public static void Engine()
        => Skip.IfNot(LibTorchEngine.IsBuilt, "the native library is not built: ./build.sh build");

    /// <summary>Signals of Unix.</summary>
    public static void Signals()
        => Skip.If(OperatingSystem.IsWindows(), "Windows has no SIGINT and SIGTERM to send");

    /// <summary>The folder of a real data set.</summary>
    public static string SharedData(string set)
    {
        string folder = Path.Combine(SharedFolder ?? "", set);
        Skip.If(
            SharedFolder is null || !Directory.Exists(folder),
            $"no {set} in DISTTRAIN_DATA or ../shared/data");
        return folder;
    }

    /// <summary>A file of the repository.</summary>
    public static string RepositoryFile(string path)
    {
        Skip.If(Repository is null, "the repository is not above the tests");
        return Path.Combine(Repository!, path);
    }

    /// <summary>Runs a script with PyTorch in the workspace's folder.</summary>
    public static void RunPyTorch(Workspace workspace, string script)
    {
        Skip.If(TorchMissing.Value is not null, TorchMissing.Value);
        (int code, string errors) = StartPython(workspace.Path, script);
        code.ShouldBe(0, errors);
    }

    private static string? FindShared()
    {
        string? given = Environment.GetEnvironmentVariable("DISTTRAIN_DATA");
        string beside = Path.GetFullPath(Path.Combine(Repository ?? "", "..", "shared", "data"));
        return !string.IsNullOrEmpty(given) ? given
            : Repository is not null && Directory.Exists(beside) ? beside
            : null;
    }

    private static string? Above(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }

    private static string? WhyTorchIsMissing()
    {
        if (!File.Exists(Python))
        {
            return $"there is no {Python} to make a TorchScript model with";
        }

        (int code, string errors) = StartPython(Path.GetTempPath(), "import torch");
        return code == 0
            ? null
            : $"{Python} has no torch to make models with: {errors.Trim().Split('\n')[^1]}";
    }

    private static (int Code, string Errors) StartPython(string folder, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", script])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
