using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli;

/// <summary>
/// What is wrong with a command line, in words of the user's. The parser takes an option that it does not
/// know for a file's name, and its value for one word too many; here it is called what it is.
/// </summary>
internal static class CommandLineFaults
{
    private const string UnknownOption = "unknown option ";

    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        CommandResult innermost = parsed.CommandResult;
        string command = string.Join(' ', Line(innermost).Select(part => part.Command.Name).Reverse());
        string help = $"; see {command} --help";
        string[] unknown =
        [
            .. innermost.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens).Select(token => token.Value)
                .Where(IsOption)
                .Concat(parsed.UnmatchedTokens)
                .Select(word => Unknown(word, innermost) + help),
        ];
        // The value after an unknown option is one word too many only because of that.
        string[] options =
            [.. unknown.Where(line => line.StartsWith(UnknownOption, StringComparison.Ordinal))];
        return options.Length > 0 ? options
            // What follows an unknown command was meant for that command.
            : unknown.Length > 0 ? innermost.Command.Subcommands.Count > 0 ? unknown[..1] : unknown
            : [.. parsed.Errors.Select(error => error.Message.TrimEnd('.') + help).Distinct()];
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static string Unknown(string word, CommandResult command)
    {
        if (IsOption(word))
        {
            IEnumerable<Option> options = Line(command).SelectMany(part => part.Command.Options);
            return $"{UnknownOption}{word}{Spelling.Hint(word, options.Select(option => option.Name))}";
        }
        IList<Command> commands = command.Command.Subcommands;
        return commands.Count > 0
            ? $"unknown command {word}{Spelling.Hint(word, commands.Select(known => known.Name))}"
            : $"one word too many: {word}";
    }

    /// <summary>The command and those it belongs to.</summary>
    private static IEnumerable<CommandResult> Line(CommandResult command)
    {
        for (CommandResult? part = command; part is not null; part = part.Parent as CommandResult)
        {
            yield return part;
        }
    }
}
