using System.Diagnostics;
using System.Text.Json;

namespace DistTrain.Core.Tests;

/// <summary>
/// PyTorch as an independent reference, where the machine has it: a script goes in on standard input, one
/// JSON value comes back on standard output. Only the suite's checks depend on it, never the program.
/// </summary>
internal static class PyTorch
{
    private const string Python = "/usr/bin/python3";
    private const string Prologue = "import json, warnings, torch\nwarnings.simplefilter('ignore')\n";
    private static readonly Lazy<string?> Missing = new(WhyMissing);

    /// <summary>
    /// Runs a script after "import json, torch"; skips the test, with the reason, where that is not possible.
    /// </summary>
    internal static T Run<T>(string script)
    {
        Skip.If(Missing.Value is not null, Missing.Value);
        (int code, string output, string errors) = Start(Prologue + script);
        code.ShouldBe(0, errors);
        return JsonSerializer.Deserialize<T>(output)!;
    }

    private static string? WhyMissing()
    {
        if (!System.IO.File.Exists(Python))
            return $"There is no {Python} to compare with.";
        (int code, _, string errors) = Start("import torch");
        return code == 0 ? null : $"{Python} has no torch to compare with: {errors.Trim().Split('\n')[^1]}";
    }

    private static (int Code, string Output, string Errors) Start(string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, "-")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
