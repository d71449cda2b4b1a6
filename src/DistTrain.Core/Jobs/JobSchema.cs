using System.Text;
using System.Text.Json;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>
/// The JSON schema (draft 2020-12) of a job file, for editors and other programs. It knows names, types and
/// ranges; what fields mean together only <see cref="JobReader"/> knows.
/// </summary>
public static class JobSchema
{
    public static string Write()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonFormat.Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("title", "DistTrain job");
            WriteGroup(writer, JobFields.Table, JobFields.Table.Root, isDocument: true);
            WriteLayer(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>The members that describe a group of fields; the enclosing object is open.</summary>
    internal static void WriteGroup<TRoot>(
        Utf8JsonWriter writer, FieldTable<TRoot> table, FieldGroup<TRoot> group, bool isDocument = false)
    {
        var section = table.FindSection(group.Path);
        if (section is not null)
            writer.WriteString("description", section.Doc);
        if (section?.Present is null)
            writer.WriteString("type", "object");
        else
            writer.WriteInline("type", "[\"object\", \"null\"]");
        writer.WriteBoolean("additionalProperties", false);
        var required = group.Entries.Where(e => e.Field is { Required: true }).Select(e => $"\"{e.Name}\"")
            .ToList();
        if (required.Count > 0)
            writer.WriteInline("required", $"[{string.Join(", ", required)}]");

        writer.WriteStartObject("properties");
        if (isDocument)
            writer.WriteInline("$schema", "{\"type\": \"string\"}");
        foreach (var entry in group.Entries)
        {
            writer.WriteStartObject(entry.Name);
            if (entry.Field is { } field)
                WriteField(writer, field);
            else
                WriteGroup(writer, table, entry.Group!);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteField<TRoot>(Utf8JsonWriter writer, Field<TRoot> field)
    {
        writer.WriteString("description", JobReference.Describe(field));
        field.Type.WriteSchema(writer, field.Optional);
        if (field.Default?.Fixed is not { } value)
            return;
        writer.WritePropertyName("default");
        field.Type.Write(writer, value);
    }

    private static void WriteLayer(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("$defs");
        writer.WriteStartObject("layer");
        writer.WriteStartArray("anyOf");

        var bare = LayerForms.All.Where(f => f.NeedsNothing).Select(f => $"\"{f.Word}\"");
        string names = string.Join(", ", bare);
        writer.WriteRawValue($"{{\"enum\": [{names}]}}");

        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteBoolean("additionalProperties", false);
        writer.WriteNumber("minProperties", 1);
        writer.WriteNumber("maxProperties", 1);
        writer.WriteStartObject("properties");
        foreach (var form in LayerForms.All)
            WriteForm(writer, form);
        writer.WriteEndObject();
        writer.WriteEndObject();

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteForm(Utf8JsonWriter writer, LayerForm form)
    {
        writer.WriteStartObject(form.Word);
        writer.WriteString("description", form.Doc);
        if (form.Short is null)
        {
            WriteGroup(writer, form.Table, form.Table.Root);
        }
        else
        {
            writer.WriteStartArray("anyOf");
            writer.WriteStartObject();
            WriteGroup(writer, form.Table, form.Table.Root);
            writer.WriteEndObject();
            writer.WriteStartObject();
            form.Table.Find(form.Short)!.Type.WriteSchema(writer, nullable: false);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
