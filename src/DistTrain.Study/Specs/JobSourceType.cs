using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>
/// The job of a study: a path, or the job itself. What is in it, the job's own reader checks.
/// </summary>
internal sealed class JobSourceType : FieldType<JobSource>
{
    public override string Expectation => "the path of a job file, or a job: { … }";

    public override object? Read(JobNode node, string path, ReadContext context) => node.Kind switch
    {
        NodeKind.Object => node.Complete ? new JobSource(null, NodeText.OnItsLines(node)) : null,
        NodeKind.String when node.Text.Length > 0 => new JobSource(node.Text, null),
        _ => Refuse(node, path, context),
    };

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var source = (JobSource)value;
        if (source.Path is { } path)
        {
            writer.WriteStringValue(path);
            return;
        }

        using var document = JsonDocument.Parse(source.Text!);
        document.WriteTo(writer);
    }

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
        => writer.WriteInline(
            "anyOf", "[{\"type\": \"string\", \"minLength\": 1}, {\"$ref\": \"job.schema.json\"}]");
}

/// <summary>Fields of the job by their paths, as <c>--set</c> takes them.</summary>
internal sealed class OverridesType : FieldType<JobOverrideList>
{
    public override string Expectation => "an object of fields by their paths, {\"batch.shards\": 8}";

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (node.Kind != NodeKind.Object)
            return Refuse(node, path, context);

        List<JobOverride> overrides = [];
        foreach (var member in node.Members)
        {
            var origin = member.Origin;
            overrides.Add(new JobOverride(
                member.Name, NodeText.Of(member.Value),
                origin.Say("", $"{path}.{JobNode.Clip(member.Name)}")));
        }

        return new JobOverrideList(overrides);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        foreach (var change in ((JobOverrideList)value).Overrides)
        {
            writer.WritePropertyName(change.Path);
            writer.WriteRawValue(change.Value);
        }

        writer.WriteEndObject();
    }

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
        => WriteSchemaType(writer, "object", nullable);
}

/// <summary>Overrides as one value of a field.</summary>
internal sealed record JobOverrideList(IReadOnlyList<JobOverride> Overrides);
