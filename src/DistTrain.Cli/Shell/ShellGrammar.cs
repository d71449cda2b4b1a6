using System.CommandLine;
using System.CommandLine.Parsing;

namespace DistTrain.Cli.Shell;

/// <summary>The program's grammar as it is at the prompt, with a few words of the shell's own.</summary>
internal static class ShellGrammar
{
    /// <summary>Words of the shell itself.</summary>
    public static readonly string[] OwnWords = ["help", "history", "exit", "quit"];

    /// <summary>The words of a line; double quotes hold a word with blanks together.</summary>
    public static string[] Split(string line) => [.. CommandLineParser.SplitCommandLine(line)];

    /// <summary>The whole words that the one before the cursor may become.</summary>
    public static Completions Complete(string line, int cursor, CommandContext context)
    {
        string before = line[..cursor];
        int start = before.LastIndexOf(' ') + 1;
        string word = before[start..];
        RootCommand root = Grammar.For(context, [before]);
        IEnumerable<string> offered = root.Parse(before).GetCompletions(before.Length)
            .Select(item => item.InsertText ?? item.Label)
            .Where(text => text is not ("-?" or "-h" or "/?" or "/h" or "shell" or "--version"));
        bool first = before[..start].Trim() is "" or "help";
        string[] words =
        [
            .. offered.Concat(first && before[..start].Length == 0 ? OwnWords : [])
                .Where(text => text.StartsWith(word, StringComparison.Ordinal))
                // Options are offered to those who began one; elsewhere they would hide the names.
                .Where(text => word.StartsWith('-') || !text.StartsWith('-'))
                .Distinct(StringComparer.Ordinal),
        ];
        return new Completions(word.Length, words);
    }
}
