using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>The evaluation in hand: who evaluates which chunks, and what they add up to.</summary>
/// <param name="plan">The run's arithmetic.</param>
/// <param name="split">What is evaluated.</param>
/// <param name="version">Weights it is evaluated on.</param>
internal sealed class OpenEvaluation(TrainingPlan plan, DataSplit split, long version)
{
    public DataSplit Split => split;

    /// <summary>
    /// The validation set is looked at before its epoch counts as completed, the test set afterwards.
    /// </summary>
    public ReportEvaluating Announce(TrainingProgress progress)
        => new(progress.CompletedEpochs + (split == DataSplit.Validation ? 1 : 0), split);

    public WorkDivision Work { get; } = new(
        plan.ChunksOf(split),
        range => Math.Min(range.Count * TrainingPlan.EvaluationChunk, plan.SamplesIn(split)),
        range => new EvaluateChunks(version, split, range), worker => worker.EvaluationPace);

    /// <summary>
    /// Takes results in; those of another evaluation, or that do not fit this one, are dropped.
    /// </summary>
    public void Handle(ChunksEvaluated evaluated, Crew crew, TimeSpan now, List<Effect> effects)
    {
        if (crew.Heard(evaluated.Worker, now) is { } worker && evaluated.Version == version
            && evaluated.Split == split && evaluated.Results.Count == evaluated.Chunks.Count
            && new ShardRange(0, plan.ChunksOf(split)).Contains(evaluated.Chunks))
        {
            Work.Enter(worker, evaluated.Chunks, evaluated.Results, now);
        }
        crew.ReleaseIdle(effects);
    }

    public EvaluationMetrics Metrics(LossKind loss)
    {
        (double lossSum, long correct, long count) = Work.Total;
        return EpochJudge.Mean(lossSum, correct, count, loss);
    }
}
