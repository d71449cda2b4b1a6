using System.Diagnostics;
using DistTrain.Core;

namespace DistTrain.Compare.Processes;

/// <summary>PyTorch's side of a comparison: scripts of this repository under the system's Python.</summary>
internal static class Peers
{
    public const string Python = "/usr/bin/python3";

    private static readonly Lazy<string?> Missing = new(WhyMissing);

    /// <summary>null: PyTorch is there; else why it is not, and what would help.</summary>
    public static string? Reason => Missing.Value;

    /// <summary>The path of a script under benchmarks/peers.</summary>
    /// <exception cref="UserFaultException">This is no checkout.</exception>
    public static string Script(string name) => Checkout.Find(Path.Combine("benchmarks", "peers", name));

    private static string? WhyMissing()
    {
        if (!File.Exists(Python))
        {
            return $"there is no {Python}";
        }
        var start = new ProcessStartInfo(Python, ["-c", "import torch"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{Python} has no torch (Debian: apt install python3-torch)";
    }
}
