using System.Text.Json;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <summary>What a probing child says on its stdout: one line of JSON.</summary>
internal static class ProbeLine
{
    /// <summary>Words that engines and systems have for it.</summary>
    private static readonly string[] OutOfMemoryWords =
        ["out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory"];

    public static string Write(ProbeResult result) => result switch
    {
        ProbeResult.Measured m => JsonSerializer.Serialize(new
        {
            samplesPerSecond = m.SamplesPerSecond,
            peakBytes = m.PeakBytes,
            stepSeconds = m.StepSeconds,
        }),
        ProbeResult.OutOfMemory o => JsonSerializer.Serialize(new { outOfMemory = o.Reason }),
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    /// <summary>Null: it is no such line.</summary>
    public static ProbeResult? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.TryGetProperty("outOfMemory", out JsonElement reason)
                ? new ProbeResult.OutOfMemory(reason.GetString() ?? "")
                : new ProbeResult.Measured(
                    root.GetProperty("samplesPerSecond").GetDouble(),
                    root.GetProperty("peakBytes").GetInt64(), root.GetProperty("stepSeconds").GetDouble());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether a fault says that there is no memory left.</summary>
    public static bool IsOutOfMemory(Exception fault)
        => fault is OutOfMemoryException || OutOfMemoryWords.Any(
            words => fault.Message.Contains(words, StringComparison.OrdinalIgnoreCase));
}
