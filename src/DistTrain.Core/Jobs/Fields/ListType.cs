using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>A list of plain values; on a command line commas will do: 512,256.</summary>
/// <param name="item">Type of each.</param>
/// <param name="expectation">What the list must be.</param>
/// <param name="most">Most items; the least is one.</param>
/// <param name="increasing">Each item must be larger than the one before.</param>
internal sealed class ListType<T>(FieldType<T> item, string expectation, int most, bool increasing = false)
    : FieldType<IReadOnlyList<T>>
    where T : IComparable<T>
{
    public override string Expectation => expectation;

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (!node.Complete)
            return null;
        var nodes = ItemsOf(node);
        if (nodes is null || nodes.Count == 0 || nodes.Count > most)
            return Refuse(node, path, context);

        var values = nodes.Select((n, i) => item.Read(n, $"{path}[{i}]", context)).ToList();
        if (values.Contains(null))
            return null;

        List<T> list = [.. values.Cast<T>()];
        bool inOrder = list.Zip(list.Skip(1)).All(pair => pair.First.CompareTo(pair.Second) < 0);
        return increasing && !inOrder ? Refuse(node, path, context) : list.AsReadOnly();
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var items = ((IReadOnlyList<T>)value).Select(v => item.Show(v));
        writer.WriteRawValue($"[{string.Join(", ", items)}]");
    }

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "array", nullable);
        writer.WriteStartObject("items");
        item.WriteSchema(writer, nullable: false);
        writer.WriteEndObject();
        writer.WriteNumber("minItems", 1);
        writer.WriteNumber("maxItems", most);
    }

    private static List<JobNode>? ItemsOf(JobNode node)
    {
        if (node.Kind == NodeKind.List)
            return node.Items;
        return node.Bare ? [.. node.Text.Split(',').Select(t => JobText.Bare(t.Trim(), node.Origin))] : null;
    }
}
