using System.Diagnostics;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>
/// The real program, as a process of its own: <c>dotnet exec disttrain.dll</c> from beside the tests. It is
/// told that its terminal can do everything, so that plain output is owed to the pipe alone.
/// </summary>
internal static class Disttrain
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "disttrain.dll");

    private static string Host => Environment.ProcessPath is { } own
        && Path.GetFileNameWithoutExtension(own) == "dotnet"
            ? own
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs to the end, in the workspace's folder.</summary>
    public static ProgramResult Run(Workspace workspace, params IReadOnlyList<string> arguments)
    {
        using ProgramRun run = Start(workspace, arguments);
        return run.Wait();
    }

    /// <summary>A training run that must end well; its result object and its folder.</summary>
    public static FinishedRun Train(Workspace workspace, params IReadOnlyList<string> arguments)
    {
        ProgramResult result = Run(workspace, ["train", .. arguments, "--json", "--quiet"]);
        result.ExitCode.ShouldBe(0, result.Errors);
        return new FinishedRun(result);
    }

    /// <summary>
    /// Arguments or files that must be refused: exit code 2, nothing on stdout, every line of stderr short
    /// and to the point, no stack trace, and not a byte changed or added in the workspace.
    /// </summary>
    public static string[] Refuse(Workspace workspace, params IReadOnlyList<string> arguments)
    {
        string before = workspace.Snapshot();
        ProgramResult result = Run(workspace, arguments);
        result.ExitCode.ShouldBe(2, result.Errors);
        result.Output.ShouldBe("");
        string[] lines = result.ErrorLines;
        lines.ShouldNotBeEmpty();
        foreach (string full in lines)
        {
            string line = full.Replace(workspace.Path, "…", StringComparison.Ordinal);
            line.ShouldMatch("^(disttrain|warning): ");
            line.Length.ShouldBeLessThan(300, line);
            line.ShouldNotContain("   at ");
            line.ShouldNotContain("Exception");
        }

        workspace.Snapshot().ShouldBe(before);
        return lines;
    }

    /// <summary>Starts the program and does not wait for it.</summary>
    public static ProgramRun Start(Workspace workspace, params IReadOnlyList<string> arguments)
        => new(StartInfo(workspace, arguments));

    /// <summary>How the program is started, for whoever starts it otherwise.</summary>
    public static ProcessStartInfo StartInfo(Workspace workspace, params IReadOnlyList<string> arguments)
    {
        // A shell that starts its children in the background has them ignore SIGINT, and that is inherited.
        string[] command = OperatingSystem.IsLinux()
            ? ["/usr/bin/env", "--default-signal=INT,TERM", Host, "exec", Program, .. arguments]
            : [Host, "exec", Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workspace.Path,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        start.Environment["XDG_CACHE_HOME"] = workspace.File("cache");
        start.Environment["XDG_CONFIG_HOME"] = workspace.File("config");
        start.Environment["XDG_STATE_HOME"] = workspace.File("state");
        if (Needs.SharedFolder is { } shared)
        {
            start.Environment["DISTTRAIN_DATA"] = shared;
        }

        return start;
    }
}
