using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>How JSON is written: indented by two, short lists on one line, text readable as it is.</summary>
internal static class JsonFormat
{
    public static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonWriterOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes ready JSON without breaking it over lines.</summary>
    public static void WriteInline(this Utf8JsonWriter writer, string name, string json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }
}
