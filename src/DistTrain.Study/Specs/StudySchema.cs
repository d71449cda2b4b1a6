using System.Text;
using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>The JSON schema (draft 2020-12) of a study file, for editors and other programs.</summary>
public static class StudySchema
{
    public static string Write()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonFormat.Indented))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("title", "DistTrain study");
            JobSchema.WriteGroup(writer, StudyFields.Table, StudyFields.Table.Root, isDocument: true);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
