using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.Summaries;

/// <summary>
/// The result object, as one line for standard output and indented for summary.json. Numbers that are not
/// finite become null, for JSON has no word for them.
/// </summary>
public static class SummaryWriter
{
    /// <summary>The object on one line, without a line feed.</summary>
    public static string ToLine(RunSummary summary) => Render(summary, indented: false);

    /// <summary>Writes summary.json.</summary>
    /// <exception cref="Core.RunFaultException">It cannot be written; the message names the file.</exception>
    public static void Write(string path, RunSummary summary)
        => AtomicFile.ReplaceText(path, Render(summary, indented: true) + "\n");

    private static string Render(RunSummary summary, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Indented = indented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }))
        {
            json.WriteStartObject();
            json.WriteString("status", summary.StatusText);
            json.WriteNumber("epochs", summary.Epochs);
            json.WriteNumber("steps", summary.Steps);
            WriteEvaluation(json, "train", summary.Train);
            WriteEvaluation(json, "validation", summary.Validation);
            WriteEvaluation(json, "test", summary.Test);
            WriteTarget(json, summary.Target);
            WriteNumber(json, "noiseScale", summary.NoiseScale);
            json.WriteString("weightsSha256", summary.WeightsSha256);
            WriteNumber(json, "samplesPerSecond", summary.SamplesPerSecond);
            WriteNumber(json, "seconds", summary.Seconds);
            json.WriteString("runDirectory", summary.RunDirectory);
            if (summary.Error is not null)
            {
                json.WriteString("error", summary.Error);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteEvaluation(Utf8JsonWriter json, string name, EvaluationMetrics? metrics)
    {
        if (metrics is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        WriteNumber(json, "loss", metrics.Loss);
        WriteNumber(json, "accuracy", metrics.Accuracy);
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetReached? target)
    {
        if (target is null)
        {
            json.WriteNull("target");
            return;
        }

        json.WriteStartObject("target");
        json.WriteNumber("step", target.Step);
        json.WriteNumber("samples", target.Samples);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
