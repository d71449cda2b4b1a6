using System.Text.Json;
using System.Text.Json.Serialization;
using DistTrain.Core.Coordination;

namespace DistTrain.Runs.Checkpoints;

/// <summary>
/// A run's progress as JSON that gives back the very same record: doubles as their shortest exact decimals,
/// the non-finite ones as "NaN", "Infinity" and "-Infinity", times to the tick.
/// </summary>
public static class ProgressJson
{
    public static string Write(TrainingProgress progress)
        => JsonSerializer.Serialize(progress, ProgressContext.Default.TrainingProgress);

    /// <exception cref="FormatException">The text is not a progress.</exception>
    public static TrainingProgress Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProgressContext.Default.TrainingProgress)
                ?? throw new FormatException("the progress is null");
        }
        catch (JsonException e)
        {
            throw new FormatException($"the progress is damaged at {e.Path ?? "its start"}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrainingProgress))]
internal sealed partial class ProgressContext : JsonSerializerContext;
