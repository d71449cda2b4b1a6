namespace DistTrain.Cli.Terminal;

/// <summary>A terminal that obeys ANSI escape codes (ECMA-48).</summary>
public interface ITerminal
{
    /// <summary>Columns and rows now; they change when the user drags the window.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Hands the text over in one piece.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    void Write(string text);
}
