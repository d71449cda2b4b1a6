using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// A list of layers: each a name, or an object with the name as its only key. Residual blocks hold lists of
/// their own; how deep is bounded by the parser.
/// </summary>
internal sealed class LayerListType : FieldType<IReadOnlyList<LayerSpec>>
{
    private const int Most = 1000;

    public override string Expectation => $"a list of 1 to {Most} layers";

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (!node.Complete)
            return null;
        if (node.Kind != NodeKind.List || node.Items.Count is 0 or > Most)
            return Refuse(node, path, context);

        var layers = node.Items.Select((item, i) => ReadLayer(item, $"{path}[{i}]", context)).ToList();
        return layers.Contains(null) ? null : layers.ConvertAll(l => l!).AsReadOnly();
    }

    /// <summary>
    /// One layer to a line, which a person can read; the writer itself would need a line per number.
    /// </summary>
    public override void Write(Utf8JsonWriter writer, object value)
    {
        var layers = ((IReadOnlyList<LayerSpec>)value).Select(Inline);
        if (!writer.Options.Indented)
        {
            writer.WriteRawValue($"[{string.Join(", ", layers)}]");
            return;
        }

        string margin = "\n" + new string(' ', writer.CurrentDepth * writer.Options.IndentSize);
        string indent = margin + new string(' ', writer.Options.IndentSize);
        writer.WriteRawValue($"[{indent}{string.Join("," + indent, layers)}{margin}]");
    }

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "array", nullable);
        writer.WriteInline("items", "{\"$ref\": \"#/$defs/layer\"}");
        writer.WriteNumber("minItems", 1);
        writer.WriteNumber("maxItems", Most);
    }

    private static LayerSpec? ReadLayer(JobNode node, string path, ReadContext context)
    {
        if (node.Kind == NodeKind.String)
            return ReadNamed(node, path, context);
        if (node.Kind == NodeKind.Object && node.Members.Count == 1)
            return ReadObject(node.Members[0], path, context);
        string shown = node.Kind == NodeKind.Object
            ? $"an object with {node.Members.Count} keys" : node.Shown;
        context.Problems.Add(
            node.Origin, path, $"{shown} is not a layer: \"relu\", or {{\"linear\": {{\"out\": 10}}}}");
        return null;
    }

    private static LayerSpec? ReadNamed(JobNode node, string path, ReadContext context)
    {
        var form = FormOf(node.Text, node.Origin, path, context);
        if (form is null || form.NeedsNothing)
        {
            var empty = new JobNode(NodeKind.Object, node.Origin);
            return form is null ? null : Build(form, empty, path, context);
        }

        var required = form.Table.Fields.Where(f => f.Required).Select(f => $"\"{f.Path}\": …");
        string needed = string.Join(", ", required);
        context.Problems.Add(node.Origin, path, $"{node.Shown} needs values: {{{node.Shown}: {{{needed}}}}}");
        return null;
    }

    private static LayerSpec? ReadObject(JobMember member, string path, ReadContext context)
    {
        var form = FormOf(member.Name, member.Origin, path, context);
        if (form is null)
            return null;

        var body = member.Value;
        if (body.Kind is not (NodeKind.Object or NodeKind.Null) && form.Short is { } name)
        {
            var whole = new JobNode(NodeKind.Object, body.Origin);
            whole.Members.Add(new JobMember(name, body.Origin, body));
            body = whole;
        }

        if (body.Kind == NodeKind.Object)
            return Build(form, body, $"{path}.{form.Word}", context);
        string names = string.Join(", ", form.Table.Fields.Select(f => f.Path));
        string what = names.Length == 0 ? "an empty object; write the bare name" : $"an object with {names}";
        context.Problems.Add(body.Origin, $"{path}.{form.Word}", $"{body.Shown} is not {what}");
        return null;
    }

    private static LayerForm? FormOf(string word, Origin origin, string path, ReadContext context)
    {
        var form = LayerForms.Find(word);
        if (form is null)
        {
            string hint = Spelling.Hint(word, LayerForms.All.Select(f => f.Word));
            context.Problems.Add(origin, path, $"there is no layer {JobNode.Quote(word)}{hint}");
        }

        return form;
    }

    private static LayerSpec Build(LayerForm form, JobNode body, string path, ReadContext context)
    {
        var given = new GivenFields<LayerSpec>(form.Table, body, path, context);
        return new FieldResolver<LayerSpec>(form.Table, given, context)
            .Build(new LayerSpec { Kind = form.Kind });
    }

    private static string Inline(LayerSpec layer)
    {
        var form = LayerForms.Of(layer.Kind);
        var fields = form.Table.Fields.Select(f => (f.Path, f.Type, Value: f.Get(layer)))
            .Where(f => f.Value is not null).ToList();
        if (fields.Count == 0)
            return $"\"{form.Word}\"";
        string members = string.Join(", ", fields.Select(f => $"\"{f.Path}\": {f.Type.Show(f.Value!)}"));
        return $"{{\"{form.Word}\": {{{members}}}}}";
    }
}
