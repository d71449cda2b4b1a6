using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core;
using DistTrain.Core.Coordination.Noise;

namespace DistTrain.Cli.Client;

/// <summary>The result object of a run, for people.</summary>
internal static class ResultText
{
    /// <summary>Prints a result as it came with <c>--json</c>, else in a few lines.</summary>
    /// <returns>The exit code it stands for.</returns>
    public static int Print(string result, ClientSession session)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(result);
            int exitCode = WatchedJob.ExitCodeOf(document.RootElement);
            if (session.Json)
            {
                session.Context.Output.WriteLine(result.Trim());
            }
            else
            {
                Status(document.RootElement, session.Context.Output);
                Figures(document.RootElement, session.Context.Output);
            }

            return exitCode;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RunFaultException(
                "the coordinator's result is none that this version understands; see it with --json", e);
        }
    }

    private static void Status(JsonElement result, TextWriter output)
    {
        string error = result.TryGetProperty("error", out JsonElement why) ? $": {why.GetString()}" : "";
        output.WriteLine($"{result.GetProperty("status").GetString()}{error}");
        output.WriteLine($"{"trained",-11} {Units.Count(result.GetProperty("epochs").GetInt64())} epochs, "
            + $"{Units.Count(result.GetProperty("steps").GetInt64())} steps");
    }

    /// <summary>Losses, speed and the weights' fingerprint.</summary>
    private static void Figures(JsonElement result, TextWriter output)
    {
        foreach (string split in (string[])["train", "validation", "test"])
        {
            if (result.GetProperty(split) is { ValueKind: JsonValueKind.Object } metrics)
            {
                string accuracy = metrics.GetProperty("accuracy") is { ValueKind: JsonValueKind.Number } share
                    ? $", accuracy {share.GetDouble() * 100:F2} %" : "";
                output.WriteLine($"{split,-11} loss {Number(metrics.GetProperty("loss")):F4}{accuracy}");
            }
        }

        if (result.TryGetProperty("noiseScale", out JsonElement scale)
            && scale.ValueKind == JsonValueKind.Number)
        {
            output.WriteLine($"noise scale {NoiseVerdict.Samples(scale.GetDouble())} samples over the run");
        }

        output.WriteLine(
            $"{"speed",-11} {Number(result.GetProperty("samplesPerSecond")):N0} samples/s in training, "
            + $"{Number(result.GetProperty("seconds")):F1} s in all");
        if (result.GetProperty("weightsSha256").GetString() is { } hash)
        {
            output.WriteLine($"{"weights",-11} sha256 {hash}");
        }
    }

    private static double Number(JsonElement value)
        => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
