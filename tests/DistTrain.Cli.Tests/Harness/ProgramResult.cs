namespace DistTrain.Cli.Tests.Harness;

/// <summary>How the program ended and all it said.</summary>
/// <param name="ExitCode">128 plus the number of a signal that killed it.</param>
/// <param name="Output">All of stdout.</param>
/// <param name="Errors">All of stderr, lines joined by line feeds.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last line of stdout, which --json makes an object.</summary>
    public string LastLine => OutputLines is [.., var last] ? last : "";
}
