using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;

namespace DistTrain.Runs.Metrics;

/// <summary>
/// Writes the lines of metrics.jsonl. JSON has no word for NaN or infinity: such a number becomes null and
/// the line ends with <c>"finite":false</c>, so that a reader can tell it from a number that does not exist.
/// </summary>
internal sealed class MetricsLine : IDisposable
{
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    private static readonly JsonEncodedText Epoch = JsonEncodedText.Encode("epoch");
    private static readonly JsonEncodedText Validation = JsonEncodedText.Encode("validation");
    private static readonly JsonEncodedText Final = JsonEncodedText.Encode("final");
    private static readonly JsonEncodedText Loss = JsonEncodedText.Encode("loss");
    private static readonly JsonEncodedText Accuracy = JsonEncodedText.Encode("accuracy");
    private static readonly JsonEncodedText LearningRate = JsonEncodedText.Encode("learningRate");
    private static readonly JsonEncodedText Samples = JsonEncodedText.Encode("samples");
    private static readonly JsonEncodedText GradientNorm = JsonEncodedText.Encode("gradientNorm");
    private static readonly JsonEncodedText LossScale = JsonEncodedText.Encode("lossScale");
    private static readonly JsonEncodedText NoiseScale = JsonEncodedText.Encode("noiseScale");
    private static readonly JsonEncodedText NoiseTrace = JsonEncodedText.Encode("noiseTrace");
    private static readonly JsonEncodedText NoiseSquare = JsonEncodedText.Encode("noiseSquare");
    private static readonly JsonEncodedText NoiseEstimates = JsonEncodedText.Encode("noiseEstimates");
    private static readonly JsonEncodedText Skipped = JsonEncodedText.Encode("skipped");
    private static readonly JsonEncodedText Seconds = JsonEncodedText.Encode("seconds");
    private static readonly JsonEncodedText SamplesPerSecond = JsonEncodedText.Encode("samplesPerSecond");

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly Utf8JsonWriter _json;
    private bool _finite;

    public MetricsLine(ArrayBufferWriter<byte> buffer)
    {
        _buffer = buffer;
        _json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        });
    }

    public void Write(StepMetrics step)
    {
        Begin(Step);
        _json.WriteNumber(Step, step.Step);
        _json.WriteNumber(Epoch, step.Epoch);
        Number(Loss, step.Loss);
        Number(Accuracy, step.Accuracy);
        Number(LearningRate, step.LearningRate);
        _json.WriteNumber(Samples, step.Samples);
        Number(GradientNorm, step.GradientNorm);
        Noise(step.Noise);
        if (step.LossScale is { } scale)
        {
            _json.WriteNumber(LossScale, scale);
        }

        _json.WriteBoolean(Skipped, step.Skipped);
        _json.WriteNumber(Seconds, step.Elapsed.TotalSeconds);
        End();
    }

    public void Write(EpochMetrics epoch)
    {
        Begin(Epoch);
        _json.WriteNumber(Epoch, epoch.Epoch);
        _json.WriteNumber(Step, epoch.Step);
        Evaluation("train", epoch.Train);
        Evaluation("validation", epoch.Validation);
        Number(LearningRate, epoch.LearningRate);
        _json.WriteBoolean("improved"u8, epoch.Improved);
        _json.WriteNumber(Seconds, epoch.Elapsed.TotalSeconds);
        Number(SamplesPerSecond, epoch.SamplesPerSecond);
        End();
    }

    public void Write(ValidationPoint validation)
    {
        Begin(Validation);
        _json.WriteNumber(Step, validation.Step);
        _json.WriteNumber(Samples, validation.Samples);
        Evaluation("validation", validation.Metrics);
        End();
    }

    public void Write(RunSummary summary)
    {
        Begin(Final);
        _json.WriteString("status"u8, summary.StatusText);
        _json.WriteNumber("epochs"u8, summary.Epochs);
        _json.WriteNumber("steps"u8, summary.Steps);
        Evaluation("train", summary.Train);
        Evaluation("validation", summary.Validation);
        Evaluation("test", summary.Test);
        _json.WriteString("weightsSha256"u8, summary.WeightsSha256);
        End();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>
    /// The smoothed scale in every step, and the parts where the step gave an estimate of its own.
    /// </summary>
    private void Noise(NoiseEstimate? noise)
    {
        Number(NoiseScale, noise?.Scale);
        if (noise is { Trace: { } trace, Square: { } square })
        {
            Number(NoiseTrace, trace);
            Number(NoiseSquare, square);
            _json.WriteNumber(NoiseEstimates, noise.Estimates);
        }
    }

    private void Begin(JsonEncodedText kind)
    {
        _finite = true;
        _json.WriteStartObject();
        _json.WriteString(Kind, kind);
    }

    private void End()
    {
        if (!_finite)
        {
            _json.WriteBoolean("finite"u8, value: false);
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
    }

    private void Evaluation(string name, EvaluationMetrics? metrics)
    {
        if (metrics is null)
        {
            _json.WriteNull(name);
            return;
        }

        _json.WriteStartObject(name);
        Number(Loss, metrics.Loss);
        Number(Accuracy, metrics.Accuracy);
        _json.WriteNumber(Samples, metrics.Samples);
        _json.WriteEndObject();
    }

    private void Number(JsonEncodedText name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            _json.WriteNumber(name, number);
            return;
        }

        _finite &= value is null;
        _json.WriteNull(name);
    }
}
