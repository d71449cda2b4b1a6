using System.Text;
using DistTrain.Runs.Charts;

namespace DistTrain.Study.Reports;

/// <summary>A table of text; long ones, and those beside a plot, are folded away.</summary>
/// <param name="title">What unfolds it.</param>
/// <param name="heads">Of the columns.</param>
internal sealed class Table(string title, params string[] heads)
{
    private readonly StringBuilder _rows = new();

    public int Count { get; private set; }

    /// <summary>One cell a column, as plain text.</summary>
    public void Add(params ReadOnlySpan<string> cells) => AddRow("", cells);

    /// <summary>A row that stands out: class <c>bad</c> or <c>best</c>.</summary>
    public void AddRow(string style, params ReadOnlySpan<string> cells)
    {
        Count++;
        _rows.Append(style.Length > 0 ? $"<tr class=\"{style}\">" : "<tr>");
        for (int i = 0; i < cells.Length; i++)
        {
            _rows.Append(i == 0 ? "<th scope=\"row\">" : "<td>").Append(Markup.Encode(cells[i]))
                .Append(i == 0 ? "</th>" : "</td>");
        }

        _rows.Append("</tr>");
    }

    /// <summary>Empty for a table without rows.</summary>
    public string Folded(bool open = false) => Count == 0 ? ""
        : $"<details{(open ? " open=\"open\"" : "")}><summary>{Markup.Encode(title)}</summary>"
            + $"{Plain()}</details>";

    public string Plain()
    {
        string head = string.Concat(heads.Select(h => $"<th scope=\"col\">{Markup.Encode(h)}</th>"));
        return "<div class=\"scroll\" tabindex=\"0\"><table>"
            + $"<thead><tr>{head}</tr></thead><tbody>{_rows}</tbody></table></div>";
    }
}
