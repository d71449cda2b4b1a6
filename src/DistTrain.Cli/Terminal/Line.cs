using System.Text;

namespace DistTrain.Cli.Terminal;

/// <summary>What a stretch of text is for; colours follow from it.</summary>
public enum Ink { Normal, Faint, Strong, Train, Validation }

/// <summary>
/// One line of the live view: stretches of text, each with its ink. Every character of the live region takes
/// one column, so that the line's width is its length.
/// </summary>
public sealed class Line
{
    private readonly List<(string Text, Ink Ink)> _stretches = [];

    public Line() { }

    public Line(string text, Ink ink = Ink.Normal) => Add(text, ink);

    /// <summary>Columns.</summary>
    public int Width { get; private set; }

    public Line Add(string text, Ink ink = Ink.Normal)
    {
        ArgumentNullException.ThrowIfNull(text);
        _stretches.Add((text, ink));
        Width += text.Length;
        return this;
    }

    /// <summary>Appends the line, cut off at <paramref name="columns"/>.</summary>
    public void WriteTo(StringBuilder output, int columns, bool color)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach ((string text, Ink ink) in _stretches)
        {
            ReadOnlySpan<char> part = text.AsSpan(0, Math.Min(text.Length, Math.Max(columns, 0)));
            columns -= part.Length;
            if (!color || ink == Ink.Normal || part.IsEmpty)
            {
                output.Append(part);
                continue;
            }

            output.Append(CodeOf(ink)).Append(part).Append("\e[0m");
        }
    }

    public override string ToString() => string.Concat(_stretches.Select(s => s.Text));

    // The sixteen colours that every theme defines legibly.
    private static string CodeOf(Ink ink) => ink switch
    {
        Ink.Faint => "\e[2m",
        Ink.Strong => "\e[1m",
        Ink.Train => "\e[36m",
        Ink.Validation => "\e[33m",
        _ => "",
    };
}
