using System.ComponentModel;
using System.Diagnostics;
using DistTrain.Cli.Nodes;
using DistTrain.Core;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <summary>
/// Tries every size in a child process of its own: its peak of memory is then that size's, and where the
/// system ends it for want of memory, this process lives.
/// </summary>
/// <param name="program">This program.</param>
/// <param name="arguments">The command line but for the probe.</param>
/// <param name="folder">The working folder.</param>
internal sealed class ProcessProbe(ProgramFile program, IReadOnlyList<string> arguments, string folder)
    : IShardProbe
{
    /// <summary>128 and SIGKILL's number: how a process ends that the system takes memory from.</summary>
    private const int Killed = 137;

    public async Task<ProbeResult> MeasureAsync(int shard, int workers, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program.File,
            [.. program.Leading, "batch-find", .. arguments, "--probe", $"{shard}x{workers}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process process = Start(start);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return (lines.Length > 0 ? ProbeLine.Read(lines[^1]) : null)
                ?? Without(process.ExitCode, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new RunFaultException($"this program could not be started once more: {e.Message}", e);
        }
    }

    private static ProbeResult Without(int exitCode, string errors)
    {
        if (exitCode == Killed)
        {
            return new ProbeResult.OutOfMemory("the system ended the process");
        }

        const string Prefix = "disttrain: ";
        string[] said = [.. errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..])];
        throw exitCode == CommandLine.UserFault && said.Length > 0
            ? new UserFaultException(said)
            : new RunFaultException(said.Length > 0 ? said[0] : $"a probe ended with exit code {exitCode}");
    }
}
