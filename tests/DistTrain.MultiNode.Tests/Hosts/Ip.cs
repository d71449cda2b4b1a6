using System.Diagnostics;

namespace DistTrain.MultiNode.Tests.Hosts;

/// <summary>The programs of iproute2, where there are any.</summary>
internal static class Ip
{
    /// <summary>Runs one, e.g. "ip netns add a"; what is wrong with it, or null.</summary>
    public static string? Try(string commandLine)
    {
        string[] words = commandLine.Split(' ');
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            output.Wait();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{commandLine}: {errors.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{words[0]} is not installed (package iproute2)";
        }
    }

    /// <summary>Runs one that must work.</summary>
    public static void Run(string commandLine) => Try(commandLine).ShouldBeNull();
}
