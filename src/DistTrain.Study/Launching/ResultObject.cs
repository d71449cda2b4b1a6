using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;

namespace DistTrain.Study.Launching;

/// <summary>Reads the result object that <see cref="SummaryWriter"/> writes.</summary>
internal static class ResultObject
{
    /// <exception cref="RunFaultException">It is no result object.</exception>
    public static RunSummary Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return new RunSummary
            {
                Status = StatusOf(root.GetProperty("status").GetString()),
                Epochs = root.GetProperty("epochs").GetInt32(),
                Steps = root.GetProperty("steps").GetInt64(),
                Train = Metrics(root, "train"),
                Validation = Metrics(root, "validation"),
                Test = Metrics(root, "test"),
                NoiseScale = Number(root, "noiseScale"),
                Target = Part(root, "target") is { } target
                    ? new TargetReached(
                        target.GetProperty("step").GetInt64(), target.GetProperty("samples").GetInt64())
                    : null,
                WeightsSha256 = Part(root, "weightsSha256")?.GetString(),
                SamplesPerSecond = Number(root, "samplesPerSecond") ?? 0,
                Seconds = Number(root, "seconds") ?? 0,
                RunDirectory = Part(root, "runDirectory")?.GetString() ?? "",
                Error = Part(root, "error")?.GetString(),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new RunFaultException($"the coordinator's result object cannot be read: {e.Message}", e);
        }
    }

    private static RunStatus StatusOf(string? word) => word switch
    {
        "completed" => RunStatus.Completed,
        "stopped-early" => RunStatus.StoppedEarly,
        "interrupted" => RunStatus.Interrupted,
        "failed" => RunStatus.Failed,
        _ => throw new JsonException($"{word} is no status"),
    };

    /// <summary>Numbers that are not finite were written as null.</summary>
    private static EvaluationMetrics? Metrics(JsonElement root, string name)
        => Part(root, name) is { } metrics
            ? new EvaluationMetrics(
                Number(metrics, "loss") ?? double.NaN, Number(metrics, "accuracy"), Samples: 0)
            : null;

    private static double? Number(JsonElement root, string name) => Part(root, name)?.GetDouble();

    private static JsonElement? Part(JsonElement root, string name)
        => root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value : null;
}
