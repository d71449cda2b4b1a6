using System.Buffers;
using System.Text.Json;
using DistTrain.Core.Coordination;

namespace DistTrain.Runs.Metrics;

/// <summary>Reads metrics.jsonl back: to find where a resumed run goes on, and to draw its curves.</summary>
public static class MetricsReader
{
    /// <summary>
    /// The steps of a log, evenly thinned to at most <paramref name="most"/>; lines that are not whole are
    /// passed over. A number that was not finite comes back as NaN.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<StepMetrics> ReadSteps(string path, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var kept = new List<StepMetrics>();
        long stride = 1, index = 0;
        foreach (byte[] line in Lines(path))
        {
            if (!Parse(line, out JsonElement root) || Text(root, "kind") != "step")
            {
                continue;
            }

            if (index++ % stride == 0)
            {
                kept.Add(Step(root));
                if (kept.Count > most)
                {
                    // Full: every second one goes, and from now on so does every second one that comes.
                    kept = [.. kept.Where((_, i) => i % 2 == 0)];
                    stride *= 2;
                }
            }
        }

        return kept;
    }

    /// <summary>
    /// The length in bytes up to which a log agrees with a checkpoint, and the steps it holds up to there.
    /// </summary>
    internal static (long Length, long Steps) FindResumePoint(
        string path, long step, int completedEpochs, long? lastValidation)
    {
        long length = 0, steps = 0;
        if (!File.Exists(path))
        {
            return (0, 0);
        }

        foreach (byte[] line in Lines(path))
        {
            if (!Parse(line, out JsonElement root))
            {
                break;
            }

            string? kind = Text(root, "kind");
            bool keep = kind switch
            {
                "step" => Integer(root, "step") is { } s && s < step,
                "validation" => Integer(root, "step") <= lastValidation,
                "epoch" => Integer(root, "epoch") is { } e && e <= completedEpochs,
                _ => false,
            };
            if (!keep)
            {
                break;
            }

            length += line.Length;
            steps += kind == "step" ? 1 : 0;
        }

        return (length, steps);
    }

    private static StepMetrics Step(JsonElement root) => new(
        Integer(root, "step") ?? 0, (int)(Integer(root, "epoch") ?? 0), Number(root, "loss") ?? double.NaN,
        Number(root, "accuracy"), Number(root, "learningRate") ?? double.NaN,
            (int)(Integer(root, "samples") ?? 0),
        Number(root, "gradientNorm") ?? double.NaN,
        root.TryGetProperty("skipped", out JsonElement skipped) && skipped.ValueKind == JsonValueKind.True,
        TimeSpan.FromSeconds(Math.Clamp(Number(root, "seconds") ?? 0, 0, 1e9)))
    {
        Noise = Noise(root),
        LossScale = Number(root, "lossScale"),
    };

    /// <summary>Null where the line tells of none; the count of estimates is that of its last one.</summary>
    private static NoiseEstimate? Noise(JsonElement root)
    {
        double? scale = Number(root, "noiseScale"), trace = Number(root, "noiseTrace");
        return scale is null && trace is null
            ? null
            : new NoiseEstimate(
                trace, Number(root, "noiseSquare"), scale, Integer(root, "noiseEstimates") ?? 0);
    }

    private static bool Parse(byte[] line, out JsonElement root)
    {
        root = default;
        if (line[^1] != (byte)'\n')
        {
            return false;
        }

        var reader = new Utf8JsonReader(line);
        try
        {
            root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static long? Integer(JsonElement root, string name)
        => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number) ? number : null;

    private static double? Number(JsonElement root, string name)
        => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number) ? number : null;

    /// <summary>Lines with their line feed; the last one may lack it.</summary>
    private static IEnumerable<byte[]> Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var line = new ArrayBufferWriter<byte>(512);
        for (int value = file.ReadByte(); value >= 0; value = file.ReadByte())
        {
            line.GetSpan(1)[0] = (byte)value;
            line.Advance(1);
            if (value == '\n')
            {
                yield return line.WrittenSpan.ToArray();
                line.ResetWrittenCount();
            }
        }

        if (line.WrittenCount > 0)
        {
            yield return line.WrittenSpan.ToArray();
        }
    }
}
