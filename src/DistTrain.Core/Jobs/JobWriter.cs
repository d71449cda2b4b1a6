using System.Text;
using System.Text.Json;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>
/// Writes the effective job as canonical JSON: every field that has a meaning, in the order of the table,
/// none that has not. Reading it again gives the same job, whatever defaults a later version has.
/// </summary>
public static class JobWriter
{
    /// <summary>Indented JSON that ends with a line break.</summary>
    public static string Write(JobSpec job)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonFormat.Indented))
        {
            writer.WriteStartObject();
            WriteGroup(writer, JobFields.Table.Root, new SpecValues(JobFields.Table, job));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteGroup(Utf8JsonWriter writer, FieldGroup<JobSpec> group, SpecValues values)
    {
        foreach (var entry in group.Entries)
        {
            if (entry.Field is { } field)
            {
                if (values[field.Path] is not { } value)
                    continue;
                writer.WritePropertyName(entry.Name);
                field.Type.Write(writer, value);
            }
            else if (entry.Group!.AllFields.Any(f => values[f.Path] is not null))
            {
                writer.WriteStartObject(entry.Name);
                WriteGroup(writer, entry.Group, values);
                writer.WriteEndObject();
            }
        }
    }
}
