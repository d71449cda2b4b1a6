using System.Globalization;
using System.Text;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;

namespace DistTrain.Study.Records;

/// <summary>
/// results.csv: one row a cell of the grid, one column a figure, quoted as RFC 4180 says, with a full stop as
/// decimal point; an empty field is a figure that there is none of.
/// </summary>
public static class StudyCsv
{
    private static readonly (string Name, Func<StudyRun, object?> Value)[] Columns =
    [
        ("id", r => r.Id), ("model", r => r.Model), ("dataset", r => r.Dataset),
        ("trainingSamples", r => r.TrainingSamples), ("rule", r => r.Rule), ("optimizer", r => r.Optimizer),
        ("batch", r => r.Batch), ("shards", r => r.Shards), ("workers", r => r.Workers),
        ("seed", r => r.Seed),
        ("warmupEpochs", r => r.WarmupEpochs), ("trial", r => r.Trial), ("baseRate", r => r.BaseRate),
        ("peakRate", r => r.PeakRate), ("epochs", r => r.Epochs), ("status", r => WordOf(r.Status)),
        ("diverged", r => r.Diverged), ("givenUp", r => r.GivenUp), ("reason", r => r.Reason),
        ("steps", r => r.Steps), ("examples", r => r.Examples), ("trainLoss", r => r.Train?.Loss),
        ("trainAccuracy", r => r.Train?.Accuracy), ("validationLoss", r => r.Validation?.Loss),
        ("validationAccuracy", r => r.Validation?.Accuracy), ("testLoss", r => r.Test?.Loss),
        ("testAccuracy", r => r.Test?.Accuracy), ("best", r => r.Best),
        ("stepsToTarget", r => r.StepsToTarget), ("examplesToTarget", r => r.ExamplesToTarget),
        ("secondsToTarget", r => r.SecondsToTarget), ("noiseScale", r => r.NoiseScale),
        ("seconds", r => r.Seconds), ("samplesPerSecond", r => r.SamplesPerSecond),
        ("weightsSha256", r => r.WeightsSha256), ("runDirectory", r => r.RunDirectory),
    ];

    /// <summary>Writes the whole file aside and puts it in place.</summary>
    /// <exception cref="Core.RunFaultException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<StudyRun> runs)
        => AtomicFile.ReplaceText(path, ToText(runs));

    public static string ToText(IEnumerable<StudyRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var text = new StringBuilder(string.Join(',', Columns.Select(column => column.Name))).Append("\r\n");
        foreach (StudyRun run in runs)
        {
            text.AppendJoin(',', Columns.Select(column => Field(column.Value(run)))).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => Quoted((string)value),
    };

    private static string Quoted(string text)
        => text.AsSpan().ContainsAny(",\"\r\n") || text is [' ', ..] or [.., ' ']
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;

    private static string WordOf(RunStatus status)
        => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());
}
