using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>Every run of the study, so that each number of the page can be traced.</summary>
internal static class RunsTable
{
    /// <summary>Longer tables start folded.</summary>
    private const int Short = 12;

    public static Section Make(IReadOnlyList<StudyRun> runs)
    {
        var table = new Table(
            $"All {Words.Counted(runs.Count, "run")}", "run", "ended", "model", "data", "batch", "optimizer",
            "rule", "rate", "warm-up, epochs", "workers", "shards", "seed", "epochs", "validation", "test",
            "training", "steps", "steps to target", "time", "samples/s", "noise scale", "remark");
        foreach (StudyRun run in runs.OrderBy(r => r.Model, StringComparer.Ordinal)
            .ThenBy(r => r.Dataset, StringComparer.Ordinal).ThenBy(r => r.Optimizer, StringComparer.Ordinal)
            .ThenBy(r => r.Rule, StringComparer.Ordinal).ThenBy(r => r.Batch).ThenBy(r => r.PeakRate)
            .ThenBy(r => r.Seed).ThenBy(r => r.Id, StringComparer.Ordinal))
        {
            string ended = Standing.Of(run);
            table.AddRow(
                ended is "completed" or "stopped early" ? "" : "bad", run.Id, ended, run.Model, run.Dataset,
                Words.Count(run.Batch), run.Optimizer,
                run.Trial is { } trial ? $"{run.Rule}, try "
                    + $"{trial + 1}" : run.Rule, Words.Number(run.PeakRate),
                Words.Number(run.WarmupEpochs), Words.Count(run.Workers), Words.Count(run.Shards),
                run.Seed.ToString(), Words.Count(run.Epochs), Result(run.Validation), Result(run.Test),
                Result(run.Train), Words.Count(run.Steps), Or(run.StepsToTarget, v => Words.Count(v)),
                Time(run.Seconds), Words.Number(run.SamplesPerSecond), Or(run.NoiseScale, Words.Number),
                run.Reason ?? "");
        }

        return new Section(
            "runs", "All runs", "What was run?", runs.Count == 0
                ? "Nothing yet: no run of this study has ended."
                : $"{Words.Counted(runs.Count, "run")}: {runs.Count(r => r.IsUsable())} came to their end, "
                    + $"{runs.Count(r => r.Diverged)} diverged, {runs.Count(r => r.GivenUp && !r.Diverged)} "
                    + "given up.")
        {
            Body = table.Folded(open: runs.Count <= Short),
            Lacking = runs.Count == 0,
        };
    }

    private static string Result(Core.Coordination.EvaluationMetrics? metrics) => metrics switch
    {
        null => Words.None,
        { Accuracy: { } accuracy } when double.IsFinite(accuracy) => Words.Percent(accuracy),
        _ => "loss " + Words.Number(metrics.Loss),
    };

    private static string Time(double seconds)
        => double.IsFinite(seconds) ? Words.Seconds(seconds) : Words.None;

    private static string Or<T>(T? value, Func<double, string> format)
        where T : struct, IConvertible
        => value is { } v ? format(v.ToDouble(provider: null)) : Words.None;
}
