using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistTrain.Study.Findings;

/// <summary>
/// findings.json: the names of the records in camel case, their values as they are; what is not known is
/// null.
/// </summary>
public static class FindingsJson
{
    /// <summary>Indented, with a line feed at its end.</summary>
    public static string Write(StudyFindings findings)
        => JsonSerializer.Serialize(findings, FindingsJsonContext.Default.StudyFindings) + "\n";
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StudyFindings))]
internal sealed partial class FindingsJsonContext : JsonSerializerContext;
