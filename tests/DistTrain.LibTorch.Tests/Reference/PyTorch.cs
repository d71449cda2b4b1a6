using System.Diagnostics;
using System.Text.Json;

namespace DistTrain.LibTorch.Tests.Reference;

/// <summary>reference.py under PyTorch: one process for all tests, for importing torch takes
/// seconds.</summary>
internal static class PyTorch
{
    /// <summary>The system's, or what the variable names: the one whose libtorch is under test.</summary>
    private static readonly string Python =
        Environment.GetEnvironmentVariable("DISTTRAIN_TEST_PYTHON") is { Length: > 0 } given
            ? given : "/usr/bin/python3";

    private static readonly Lock Gate = new();
    private static readonly Lazy<Process?> Server = new(Start);

    /// <summary>Skips the running test where there is no PyTorch to compare with.</summary>
    public static void Require()
        => Skip.If(Server.Value is null, $"{Python} with PyTorch is not installed on this machine");

    /// <summary>Has the script work on a folder.</summary>
    public static void Run(string mode, string folder)
    {
        lock (Gate)
        {
            var server = Server.Value.ShouldNotBeNull();
            server.StandardInput.WriteLine($"{mode} {folder}");
            server.StandardInput.Flush();
            server.StandardOutput.ReadLine().ShouldBe("ok");
        }
    }

    public static JsonElement Result(string folder)
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "result.json"))).RootElement;

    private static Process? Start()
    {
        if (!File.Exists(Python) || Exec("-c", "import torch").WaitForExitCode() != 0)
        {
            return null;
        }

        // It ends by itself when this process, and with it the pipe, goes.
        return Exec(Path.Combine(AppContext.BaseDirectory, "Reference", "reference.py"));
    }

    private static Process Exec(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = false,
            UseShellExecute = false,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    private static int WaitForExitCode(this Process process)
    {
        process.WaitForExit();
        return process.ExitCode;
    }
}
