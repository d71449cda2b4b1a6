namespace DistTrain.Cli.Terminal;

/// <summary>How much of a run is shown, and with what means.</summary>
public enum TerminalMode
{
    /// <summary>Notices and warnings only.</summary>
    Quiet,

    /// <summary>One plain line an epoch, no escape codes: for pipes, logs and simple terminals.</summary>
    Plain,

    /// <summary>A region at the bottom of the terminal that is drawn again and again.</summary>
    Live,
}

/// <summary>What stderr is, as far as showing a run goes.</summary>
/// <param name="Mode">How the run is shown.</param>
/// <param name="Color">False where NO_COLOR asks for none (no-color.org).</param>
public readonly record struct TerminalChoice(TerminalMode Mode, bool Color)
{
    /// <param name="quiet">The user asked for quiet.</param>
    /// <param name="redirected">stderr is not a terminal.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static TerminalChoice Of(bool quiet, bool redirected, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        bool color = string.IsNullOrEmpty(variable("NO_COLOR"));
        if (quiet)
        {
            return new TerminalChoice(TerminalMode.Quiet, color);
        }

        // A terminal that does not say what it is, or says it is dumb, is sent no escape code. Consoles of
        // Windows obey them only after a mode is set that other programs may not expect.
        bool simple = variable("TERM") is null or "" or "dumb" || OperatingSystem.IsWindows();
        return new TerminalChoice(redirected || simple ? TerminalMode.Plain : TerminalMode.Live, color);
    }
}
