using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli;

/// <summary>
/// What is wrong with a command line, in words of the user's. The parser takes an option that it does not know
/// for a file's name, and its value for one word too many; here it is called what it is.
/// </summary>
internal static class CommandLineFaults
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        string command = string.Join(' ', Line(parsed.CommandResult).Select(part => part.Command.Name).Reverse());
        string help = $"; see {command} --help";
        IEnumerable<string> words = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens);
        string[] unknown =
        [
            .. words.Where(word => word.Length > 1 && word[0] == '-')
                .Select(word => $"unknown option {word}{Hint(word, parsed.CommandResult)}{help}"),
        ];
        return unknown.Length > 0
            ? unknown
            : [.. parsed.Errors.Select(error => error.Message.TrimEnd('.') + help).Distinct(StringComparer.Ordinal)];
    }

    private static string Hint(string word, CommandResult command)
        => Spelling.Hint(word, Line(command).SelectMany(part => part.Command.Options).Select(option => option.Name));

    /// <summary>The command and those it belongs to.</summary>
    private static IEnumerable<CommandResult> Line(CommandResult command)
    {
        for (CommandResult? part = command; part is not null; part = part.Parent as CommandResult)
        {
            yield return part;
        }
    }
}
