namespace DistTrain.Cli.Terminal;

/// <summary>How lines on stdout may look.</summary>
/// <param name="Width">Columns; a pipe has as many as are needed.</param>
/// <param name="Color">Only on a terminal that knows colours, and not where NO_COLOR asks for none.</param>
public readonly record struct TextLook(int Width, bool Color)
{
    /// <summary>For files, pipes and other programs.</summary>
    public static readonly TextLook Plain = new(int.MaxValue, Color: false);

    /// <param name="variable">Reads an environment variable.</param>
    public static TextLook OfOutput(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (Console.IsOutputRedirected)
        {
            return Plain;
        }

        TerminalChoice choice = TerminalChoice.Of(quiet: false, redirected: false, variable);
        return new TextLook(
            Math.Max(Console.WindowWidth, 20), choice.Color && choice.Mode == TerminalMode.Live);
    }
}
