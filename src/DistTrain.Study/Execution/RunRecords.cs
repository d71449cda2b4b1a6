using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;

namespace DistTrain.Study.Execution;

/// <summary>Turns what a run came to into the rows of its cells.</summary>
internal static class RunRecords
{
    /// <param name="cell">Where the row lies in the grid.</param>
    /// <param name="end">What its run came to.</param>
    /// <param name="rungs">The target's metric at the rungs it reached.</param>
    public static StudyRun Of(StudyCell cell, RunEnd end, IReadOnlyList<double> rungs)
    {
        var (summary, trace) = (end.Summary, end.Trace);
        JobSpec job = cell.Job;
        return Place(cell, new StudyRun
        {
            Id = cell.Id,
            Model = ModelOf(job.Model),
            Dataset = job.Dataset.Name,
            TrainingSamples = trace.TrainingSamples,
            Rule = cell.Rule,
            Optimizer = cell.Optimizer,
            Batch = job.Batch.Global,
            Shards = job.Batch.Shards,
            Workers = job.Workers.Max,
            Seed = job.Seed,
            WarmupEpochs = cell.WarmupEpochs,
            BaseRate = cell.BaseRate,
            PeakRate = cell.PeakRate,
            Epochs = job.Epochs,
            Status = summary.Status,
            Diverged = end.Diverged,
            GivenUp = end.GivenUp,
            Reason = end.GivenUp ? $"given up after epoch {summary.Epochs}: others of its setting are better"
                : summary.Error,
            Steps = summary.Steps,
            Examples = trace.SamplesUntil(summary.Steps),
            Train = summary.Train,
            Validation = summary.Validation,
            Test = summary.Test,
            Best = trace.Best,
            StepsToTarget = summary.Target?.Step,
            ExamplesToTarget = summary.Target?.Samples,
            SecondsToTarget = summary.Target is { } target ? trace.SecondsUntil(target.Step) : null,
            NoiseScale = summary.NoiseScale,
            Seconds = summary.Seconds,
            SamplesPerSecond = summary.SamplesPerSecond,
            WeightsSha256 = summary.WeightsSha256,
            RunDirectory = StudyFolder.Relative(summary.RunDirectory),
            Rungs = rungs,
        });
    }

    /// <summary>The same run as another cell of the grid has it.</summary>
    public static StudyRun Place(StudyCell cell, StudyRun run) => run with
    {
        Rule = cell.Rule,
        Optimizer = cell.Optimizer,
        WarmupEpochs = cell.WarmupEpochs,
        Trial = cell.Trial,
        BaseRate = cell.BaseRate,
        PeakRate = cell.PeakRate,
    };

    /// <summary>The key of the cell that a row fills.</summary>
    public static string KeyOf(StudyRun run) => StudyCell.KeyOf(
        run.Optimizer, run.Rule, run.WarmupEpochs, run.Batch, run.Workers, run.Seed, run.Trial, run.Id);

    private static string ModelOf(ModelSpec model)
        => model.Preset is "mlp" && model.Hidden is { Count: > 0 } hidden ? $"mlp {string.Join(',', hidden)}"
            : model.Preset ?? model.Type ?? (model.Layers is null ? Path.GetFileName(model.File)! : "layers");
}
