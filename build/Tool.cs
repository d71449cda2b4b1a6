using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistTrain.Build;

/// <summary>
/// Runs other programs. What they print is kept in a log and shown only when they fail; on a terminal a long
/// step shows its elapsed time. Everything said here goes to stderr: stdout is left to the program's results.
/// </summary>
internal static class Tool
{
    public static void Say(string line) => Console.Error.WriteLine($"build: {line}");

    /// <summary>Runs a step to its end in the repository's root.</summary>
    /// <exception cref="FaultException">The tool failed (with its exit code) or does not exist.</exception>
    public static void Run(string step, string program, IReadOnlyList<string> arguments)
    {
        var clock = Stopwatch.StartNew();
        using Process process = Start(program, arguments, redirect: true);
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ticking = !Console.IsErrorRedirected;
        Console.Error.Write(ticking ? $"build: {step} …" : $"build: {step}\n");
        // Waiting in slices, because a compiler server left running may keep the pipes open for minutes.
        while (!process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            if (ticking)
            {
                Console.Error.Write($"\rbuild: {step} … {clock.Elapsed.TotalSeconds:F0} s");
            }
        }

        Task.Run(process.WaitForExit).Wait(TimeSpan.FromSeconds(2));
        string line = $"build: {step}: {clock.Elapsed.TotalSeconds:F1} s";
        Console.Error.WriteLine(ticking ? $"\r{line}  " : line);
        if (process.ExitCode != 0)
        {
            lock (output)
            {
                output.ForEach(Console.Error.WriteLine);
            }

            string command = $"{program} {string.Join(' ', arguments)}";
            throw new FaultException($"{step}: {command} ended with {process.ExitCode}", process.ExitCode);
        }

        void Keep(string? line)
        {
            lock (output)
            {
                if (line is not null)
                {
                    output.Add(line);
                }
            }
        }
    }

    /// <summary>Runs a tool on this program's own streams and gives back its exit code.</summary>
    public static int Show(string program, IReadOnlyList<string> arguments)
    {
        using Process process = Start(program, arguments, redirect: false);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>What a quick tool prints, or null where it fails or does not exist.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        try
        {
            using Process process = Start(program, arguments, redirect: true);
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (FaultException)
        {
            return null;
        }
    }

    /// <summary>
    /// Lets this process become another program in the caller's own folder, so that signals, terminal and
    /// exit code are that program's without a relay. Windows has no such call: there it runs as a child.
    /// </summary>
    public static int Become(string program, IReadOnlyList<string> arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            Console.Error.Flush();
            Execute(program, [program, .. arguments, null]);
            throw new FaultException($"cannot start {program}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        Console.CancelKeyPress += (_, key) => key.Cancel = true; // the child gets it too, and decides
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, bool redirect)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new FaultException($"cannot start {program}: {e.Message}; try ./build.sh setup");
        }
    }

    [DllImport("libc", EntryPoint = "execvp", SetLastError = true)]
    private static extern int Execute(string program, string?[] arguments);
}
