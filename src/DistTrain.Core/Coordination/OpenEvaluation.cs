using DistTrain.Core.Jobs;

namespace DistTrain.Core.Coordination;

/// <summary>The evaluation in hand: who evaluates which chunks, and what they add up to.</summary>
/// <param name="plan">The run's arithmetic.</param>
/// <param name="split">What is evaluated.</param>
/// <param name="version">Weights it is evaluated on.</param>
internal sealed class OpenEvaluation(TrainingPlan plan, DataSplit split, long version)
{
    public DataSplit Split => split;

    public WorkDivision Work { get; } = new(
        plan.ChunksOf(split), _ => true, range => new EvaluateChunks(version, split, range));

    /// <summary>False when it belongs to another evaluation or does not fit this one.</summary>
    public bool Enter(ChunksEvaluated evaluated)
    {
        if (evaluated.Version != version || evaluated.Split != split
            || evaluated.Results.Count != evaluated.Chunks.Count
            || evaluated.Chunks.End > plan.ChunksOf(split))
        {
            return false;
        }
        Work.Ledger.Enter(evaluated.Chunks, evaluated.Results);
        return true;
    }

    public EvaluationMetrics Metrics(LossKind loss)
    {
        (double lossSum, long correct, long count) = Work.Ledger.Total();
        return EpochJudge.Mean(lossSum, correct, count, loss);
    }
}
