namespace DistTrain.Cli.Shell;

/// <summary>
/// The prompt: the program's own grammar, line after line. Where stdin is no terminal the lines are a script:
/// blank lines and those that begin with # are passed over, and the first command that fails ends it with
/// its exit code, as <c>set -e</c> does.
/// </summary>
/// <param name="context">The world the commands run in.</param>
internal sealed class ShellSession(CommandContext context)
{
    private const string Prompt = "disttrain> ";

    /// <summary>At a terminal.</summary>
    /// <param name="editor">Reads lines.</param>
    /// <param name="history">Remembers them.</param>
    /// <returns>0.</returns>
    public async Task<int> TalkAsync(LineEditor editor, History history)
    {
        string? said = null;
        while (true)
        {
            if (history.Fault is { } fault && fault != said)
            {
                context.Errors.WriteLine($"warning: {fault}");
                said = fault;
            }

            (LineEnd end, string line) = editor.Read(Prompt, history.Lines);
            if (end == LineEnd.Closed)
            {
                return 0;
            }

            if (end == LineEnd.Abandoned || string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            history.Add(line);
            if (await RunAsync(line, history.Lines) is null)
            {
                return 0;
            }
        }
    }

    /// <summary>From a pipe or a file.</summary>
    /// <returns>The exit code of the first command that failed; 0: none did.</returns>
    public async Task<int> FollowAsync(TextReader script)
    {
        while (await script.ReadLineAsync() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart()[0] == '#')
            {
                continue;
            }

            switch (await RunAsync(line, []))
            {
                case null:
                    return 0;
                case 0:
                    break;
                case { } failed:
                    return failed;
            }
        }

        return 0;
    }

    /// <returns>The exit code; null: the shell is to end.</returns>
    private async Task<int?> RunAsync(string line, IReadOnlyList<string> history)
    {
        string[] words = ShellGrammar.Split(line);
        switch (words)
        {
            case []:
                return 0;
            case ["exit" or "quit"]:
                return null;
            case ["history"]:
                foreach (string earlier in history)
                {
                    context.Output.WriteLine(earlier);
                }

                return 0;
            case ["help", .. var about]:
                int exitCode = await CommandLine.RunAsync([.. about, "--help"], context);
                if (about.Length == 0)
                {
                    context.Output.WriteLine("At the prompt also: help COMMAND, history, exit.");
                }

                return exitCode;
            case ["disttrain", .. var rest]:
                return await CommandLine.RunAsync(rest, context);
            default:
                return await CommandLine.RunAsync(words, context);
        }
    }
}
