using System.Text;

namespace DistTrain.Core.Jobs.Documents;

internal enum NodeKind { Null, Boolean, Number, String, List, Object }

/// <summary>A name and its value in an object, with the place of the name.</summary>
internal sealed record JobMember(string Name, Origin Origin, JobNode Value);

/// <summary>
/// A JSON value that knows where it was written. System.Text.Json's own documents forget positions, and a
/// complaint without a line is half a complaint.
/// </summary>
/// <param name="kind">What it is.</param>
/// <param name="origin">Where its text begins.</param>
/// <param name="text">String: the decoded text. Number and Boolean: as written.</param>
internal sealed class JobNode(NodeKind kind, Origin origin, string text = "")
{
    private const int MostShown = 60;

    public NodeKind Kind { get; } = kind;
    public Origin Origin { get; } = origin;
    public string Text { get; } = text;

    /// <summary>Typed on a command line without quotes: "8" may be meant as a number or as text.</summary>
    public bool Bare { get; init; }

    /// <summary>False while a list or object has not been read to its end.</summary>
    public bool Complete { get; set; } = true;

    public List<JobNode> Items { get; } = [];
    public List<JobMember> Members { get; } = [];

    /// <summary>The value as a message shows it: short, on one line, without control characters.</summary>
    public string Shown => Kind switch
    {
        NodeKind.Null => "null",
        NodeKind.List => Items.Count == 0 ? "an empty list" : $"a list of {Items.Count}",
        NodeKind.Object => "an object",
        NodeKind.String when Bare => Clip(Text),
        NodeKind.String => Quote(Text),
        _ => Clip(Text),
    };

    /// <summary>Text in JSON quotes, shortened and escaped for a terminal.</summary>
    public static string Quote(string text) => $"\"{Clip(text)}\"";

    /// <summary>
    /// One short line, whatever it holds: control characters and broken pairs are made visible.
    /// </summary>
    public static string Clip(string text, int most = MostShown)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
                return shown.Append('…').ToString();
            if (Rune.IsControl(rune))
                shown.Append("\\u").Append(rune.Value.ToString("x4"));
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }
}
