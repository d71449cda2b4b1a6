using System.Text;
using DistTrain.Runs.Charts;

namespace DistTrain.Study.Reports;

/// <summary>
/// One question of the study: asked in plain words, answered in a sentence with this study's numbers, shown,
/// explained, and traced to its source.
/// </summary>
/// <param name="Id">Of the HTML element, unique on the page.</param>
/// <param name="Title">Two or three words.</param>
/// <param name="Question">Plain words.</param>
/// <param name="Answer">Plain text, a paragraph a line; what the study lacked, where it cannot
/// answer.</param>
internal sealed record Section(string Id, string Title, string Question, string Answer)
{
    /// <summary>Plots and tables, as HTML.</summary>
    public string Body { get; init; } = "";

    /// <summary>How to read it, as plain text.</summary>
    public string Reading { get; init; } = "";

    /// <summary>Paper and place; empty: none.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether the study lacked what an answer needs.</summary>
    public bool Lacking { get; init; }

    public string Render()
    {
        var html = new StringBuilder(Body.Length + 1024);
        html.Append($"<section id=\"{Id}\"{(Lacking ? " class=\"lacking\"" : "")}>")
            .Append($"<p class=\"eyebrow\">{Markup.Encode(Title)}</p><h2>{Markup.Encode(Question)}</h2>")
            .AppendJoin("", Answer.Split('\n').Select(a => $"<p class=\"answer\">{Markup.Encode(a)}</p>"))
            .Append(Body);
        AppendPart(html, "How to read this.", Reading);
        AppendPart(html, "Source.", Source);
        return html.Append("</section>\n").ToString();
    }

    private static void AppendPart(StringBuilder html, string head, string text)
    {
        if (text.Length > 0)
        {
            html.Append($"<p class=\"how\"><b>{head}</b> {Markup.Encode(text)}</p>");
        }
    }
}
