using System.Text;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// A table for people: columns as wide as their widest cell, numbers to the right, a faint heading. Where the
/// terminal is too narrow the columns marked as expendable go, the last marked first; what is still too wide
/// is cut, so that a row is always one line.
/// </summary>
public sealed class TextTable(params IReadOnlyList<TableColumn> columns)
{
    private const int Gap = 2;
    private readonly List<Cell[]> _rows = [];

    public void Add(params IReadOnlyList<Cell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Count, columns.Count);
        _rows.Add([.. cells.Select(cell => cell with { Text = Units.Printable(cell.Text) })]);
    }

    public void Write(TextWriter output, TextLook look)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = new StringBuilder();
        foreach (Line row in Lines(look.Width))
        {
            row.WriteTo(line.Clear(), look.Width, look.Color);
            output.WriteLine(line);
        }
    }

    private IEnumerable<Line> Lines(int width)
    {
        int[] widths =
        [
            .. columns.Select((column, i) =>
                _rows.Select(row => row[i].Text.Length).Append(column.Name.Length).Max()),
        ];
        List<int> shown = [.. Enumerable.Range(0, columns.Count)];
        while (shown.Sum(i => widths[i] + Gap) - Gap > width && shown.Exists(i => columns[i].Expendable))
        {
            shown.Remove(shown.FindLast(i => columns[i].Expendable));
        }

        yield return Row(i => new Cell(columns[i].Name, Ink.Faint));
        foreach (Cell[] row in _rows)
        {
            yield return Row(i => row[i]);
        }

        Line Row(Func<int, Cell> cellOf)
        {
            var line = new Line();
            foreach (int i in shown)
            {
                Cell cell = cellOf(i);
                bool last = i == shown[^1];
                string text = columns[i].Right ? cell.Text.PadLeft(widths[i])
                    : last ? cell.Text
                    : cell.Text.PadRight(widths[i]);
                line.Add(text, cell.Ink).Add(last ? "" : new string(' ', Gap));
            }

            return line;
        }
    }
}

/// <param name="Name">Heading.</param>
/// <param name="Right">Numbers stand to the right.</param>
/// <param name="Expendable">Left out where there is little room.</param>
public sealed record TableColumn(string Name, bool Right = false, bool Expendable = false);

/// <summary>A cell's text and what it is for.</summary>
public readonly record struct Cell(string Text, Ink Ink = Ink.Normal)
{
    public static implicit operator Cell(string text) => new(text);
}
