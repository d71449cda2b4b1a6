using System.Text;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// The lines at the bottom of the terminal that are drawn again and again, below lines that stay and scroll
/// away as any output does.
///
/// Between two drawings the cursor rests in the first column of the region's last line. A drawing goes up to
/// the region's first line, writes the lines that stay from there on, and the new region below them. It is
/// one write, it overwrites before it erases, and it is marked as one update (mode 2026) for terminals that
/// know such marks: nothing flickers. No line of the region reaches the last column, so none wraps; where the
/// window was made narrower since, the terminal has folded the old lines, and the way up is counted in folded
/// rows.
/// </summary>
public sealed class LiveRegion(ITerminal terminal, bool color)
{
    private int[] _widths = [];
    private string _last = "";

    /// <param name="staying">Lines that are written once, above the region.</param>
    /// <param name="region">The region; lines beyond the terminal's height are left out.</param>
    public void Draw(IReadOnlyList<Line> staying, IReadOnlyList<Line> region)
    {
        ArgumentNullException.ThrowIfNull(staying);
        ArgumentNullException.ThrowIfNull(region);
        (int width, int height) = terminal.Size;
        Line[] shown = [.. region.Take(Math.Max(height - 1, 1))];
        string body = BodyOf(shown, width - 1);
        string key = $"{width}\n{body}";
        if (staying.Count == 0 && string.Equals(key, _last, StringComparison.Ordinal))
        {
            return;
        }

        var output = new StringBuilder("\e[?2026h\e[?25l\r");
        int up = RowsAbove(width);
        output.Append(up > 0 ? $"\e[{up}A" : "");
        if (staying.Count > 0)
        {
            output.Append("\e[J");
            foreach (Line line in staying)
            {
                line.WriteTo(output, int.MaxValue, color);
                output.Append("\r\n");
            }
        }

        output.Append(body).Append("\e[J\r\e[?25h\e[?2026l");
        terminal.Write(output.ToString());
        _widths = [.. shown.Select(line => Math.Min(line.Width, width - 1))];
        _last = key;
    }

    /// <summary>Removes the region; the cursor is left below the last line that stays.</summary>
    public void Close(IReadOnlyList<Line> staying) => Draw(staying, []);

    private string BodyOf(Line[] lines, int columns)
    {
        var body = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            body.Append(i > 0 ? "\e[K\r\n" : "");
            lines[i].WriteTo(body, columns, color);
        }

        return body.ToString();
    }

    private int RowsAbove(int width) => _widths.Length < 2
        ? 0
        : _widths[..^1].Sum(columns => Math.Max(1, (columns + width - 1) / width));
}
