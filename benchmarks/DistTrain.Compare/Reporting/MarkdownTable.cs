using System.Text;

namespace DistTrain.Compare.Reporting;

/// <summary>
/// A Markdown table that can be read in a terminal as well: cells are padded to their column.
/// </summary>
/// <param name="columns">
/// Headings; one that begins with '&lt;' is a column of text, others of numbers.
/// </param>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        string[] heads = [.. columns.Select(column => column.TrimStart('<'))];
        bool[] isText = [.. columns.Select(column => column.StartsWith('<'))];
        int[] widths =
            [.. heads.Select((head, i) => _rows.Select(row => row[i].Length).Append(head.Length).Max())];
        var text = new StringBuilder();
        Append(heads);
        text.Append('|').AppendJoin('|', widths.Select((width, i)
            => isText[i] ? new string('-', width + 2) : new string('-', width + 1) + ":")).Append("|\n");
        _rows.ForEach(Append);
        return text.ToString();

        void Append(string[] cells) => text
            .Append("| ")
            .AppendJoin(" | ", cells.Select((cell, i)
                => isText[i] ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
            .Append(" |\n");
    }
}
