using System.Text;
using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Study.Specs;

/// <summary>
/// A part of a document as JSON text again. With its lines kept, whoever reads the part on its own complains
/// about lines of the whole file.
/// </summary>
internal static class NodeText
{
    /// <summary>On one line.</summary>
    public static string Of(JobNode node) => Render(node, keepLines: false);

    /// <summary>Every value on the line it has in the file.</summary>
    public static string OnItsLines(JobNode node) => Render(node, keepLines: true);

    private static string Render(JobNode node, bool keepLines)
    {
        var text = new StringBuilder();
        int line = 1;
        Write(node);
        return text.ToString();

        void MoveTo(Origin origin)
        {
            for (; keepLines && line < origin.Line; line++)
            {
                text.Append('\n');
            }
        }

        void Write(JobNode value)
        {
            MoveTo(value.Origin);
            switch (value.Kind)
            {
                case NodeKind.Object:
                    WriteAll('{', '}', value.Members, member =>
                    {
                        MoveTo(member.Origin);
                        text.Append(Quoted(member.Name)).Append(':');
                        Write(member.Value);
                    });
                    break;
                case NodeKind.List:
                    WriteAll('[', ']', value.Items, Write);
                    break;
                default:
                    text.Append(value.Kind switch
                    {
                        NodeKind.String => Quoted(value.Text),
                        NodeKind.Null => "null",
                        _ => value.Text,
                    });
                    break;
            }
        }

        void WriteAll<T>(char open, char close, List<T> items, Action<T> write)
        {
            text.Append(open);
            for (int i = 0; i < items.Count; i++)
            {
                text.Append(i > 0 ? "," : "");
                write(items[i]);
            }

            text.Append(close);
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
