using DistTrain.Core.Jobs;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>A run of the grid, for all cells that its job fills.</summary>
public sealed record GridRun(string Id, JobSpec Job, IReadOnlyList<StudyCell> Cells);

/// <summary>Everything a study will do, known before it does anything.</summary>
/// <param name="Study">As the file says.</param>
/// <param name="Base">The job that is varied.</param>
/// <param name="TrainingSamples">After the validation split; null: not known here.</param>
/// <param name="Cells">In the order they are run.</param>
public sealed record StudyPlan(
    StudySpec Study, BaseJob Base, int? TrainingSamples, IReadOnlyList<StudyCell> Cells)
{
    /// <summary>One for each different job, in the order of their first cells.</summary>
    public IReadOnlyList<GridRun> Runs { get; } =
    [
        .. Cells.GroupBy(cell => cell.Id, StringComparer.Ordinal)
            .Select(cells => new GridRun(cells.Key, cells.First().Job, [.. cells])),
    ];

    /// <summary>Steps a run takes at most; null: not known here.</summary>
    public long? StepsOf(JobSpec job) => TrainingSamples is not { } samples ? job.MaxSteps
        : Math.Min(
            job.MaxSteps ?? long.MaxValue, (long)StepsPerEpoch(samples, job.Batch.Global) * job.Epochs);

    /// <summary>Samples a run trains on at most; null: not known here.</summary>
    public double? SamplesOf(JobSpec job) => TrainingSamples is not { } samples ? null
        : Math.Min((double)samples * job.Epochs, (double?)job.MaxSteps * job.Batch.Global ?? double.MaxValue);

    internal static int StepsPerEpoch(int samples, int batch) => (int)(((long)samples + batch - 1) / batch);
}
