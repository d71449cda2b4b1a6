using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>
/// Jobs that use any mixture of fields, straight from the table: a field that is added there is tried here.
/// Values follow the field's own schema; what the reader refuses because of the mixture is taken back until
/// it accepts.
/// </summary>
internal static class RandomJobs
{
    public static Gen<JobSpec> Accepted => Values.Select(Accept);

    private static Gen<List<JobOverride>> Values => JobFields.Table.Fields
        .Select(f => Gen.Frequency(
            (1, Gen.Constant<JobOverride?>(null)),
            (2, Value(f.Type, 2).Select(JobOverride? (json) => new JobOverride(f.Path, json, f.Path)))))
        .Aggregate(
            Gen.Constant(new List<JobOverride>()),
            (all, next) => all.SelectMany(
                _ => next, (list, value) => value is null ? list : new List<JobOverride>(list) { value }));

    private static JobSpec Accept(List<JobOverride> values)
    {
        var left = new List<JobOverride>(values);
        while (true)
        {
            try
            {
                return JobReader.Read(null, null, left, workers: 3);
            }
            catch (UserFaultException fault)
            {
                int removed = left.RemoveAll(
                    v => fault.Problems.Any(p => p.StartsWith(v.Path + ": ", StringComparison.Ordinal)));
                removed.ShouldBeGreaterThan(0, fault.Message);
            }
        }
    }

    private static Gen<string> Value(FieldType type, int depth)
    {
        if (type is LayerListType)
            return ListOf(Gen.OneOf(LayerForms.All.Where(f => depth > 0 || f.Kind != LayerKind.Residual)
                .Select(f => Layer(f, depth))));

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            type.WriteSchema(writer, nullable: false);
            writer.WriteEndObject();
        }

        return FromSchema(JsonDocument.Parse(buffer.ToArray()).RootElement);
    }

    private static Gen<string> Layer(LayerForm form, int depth)
        => form.Table.Fields
            .Select(f => Value(f.Type, depth - 1).Select(json => $"\"{f.Path}\":{json}"))
            .Aggregate(Gen.Constant(""), (all, next) => all.SelectMany(
                _ => next, (text, member) => text.Length == 0 ? member : $"{text},{member}"))
            .Select(members => $"{{\"{form.Word}\":{{{members}}}}}");

    private static Gen<string> FromSchema(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var words))
            return Gen.Elements(words.EnumerateArray().Select(w => w.GetRawText()));

        return schema.GetProperty("type").GetString() switch
        {
            "boolean" => Gen.Elements("true", "false"),
            "integer" => Whole(schema.GetProperty("minimum").GetInt64(),
                schema.GetProperty("maximum").GetInt64()),
            "number" => Gen.Choose(1, 999_999)
                .Select(n => JsonSerializer.Serialize(n / 1e6 + LeastOf(schema))),
            "string" => Gen.Choose(1, 12).SelectMany(n => Gen.Elements("abcXYZ0129".ToCharArray()).ListOf(n))
                .Select(letters => $"\"{string.Concat(letters)}\""),
            "array" => ListOf(FromSchema(schema.GetProperty("items").Clone())),
            var other => throw new InvalidOperationException($"no generator for {other}"),
        };
    }

    /// <summary>Mostly small numbers, for those get along with each other; the ends now and then.</summary>
    private static Gen<string> Whole(long least, long most) => Gen.Frequency(
        (8, Gen.Choose(0, 40).Select(n => Math.Min(least + n, most).ToString())),
        (1, Gen.Constant(most.ToString())),
        (1, Gen.Constant(least.ToString())));

    private static double LeastOf(JsonElement schema)
        => schema.TryGetProperty("minimum", out var least) ? least.GetDouble()
            : schema.GetProperty("exclusiveMinimum").GetDouble();

    private static Gen<string> ListOf(Gen<string> item)
        => Gen.Choose(1, 3).SelectMany(n => item.ListOf(n)).Select(items => $"[{string.Join(',', items)}]");
}
