using DistTrain.Core.Jobs;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The step in hand: who computes which shards, which subtrees are in, and which update their sum gives.
/// </summary>
/// <param name="job">The effective job.</param>
/// <param name="plan">Its arithmetic.</param>
/// <param name="tree">The canonical tree over its shards.</param>
/// <param name="step">Version of the weights its gradients are computed on.</param>
/// <param name="learningRate">η of the step.</param>
internal sealed class OpenStep(
    JobSpec job, TrainingPlan plan, ReductionTree tree, long step, double learningRate)
{
    private readonly GradientCollector _gradients = new(tree);
    private double _gradientNorm;

    public WorkDivision Work { get; } = new(
        plan.Shards, shard => plan.SamplesOf(step, shard).Count > 0,
        range => new ComputeGradients(step, range));

    /// <summary>Sums over the shards that are in.</summary>
    public (double LossSum, long Correct, long Count) Total => Work.Ledger.Total();

    /// <summary>False when it is of another step, no node of the tree, or covered already.</summary>
    public bool Enter(SubtreeReady ready)
    {
        if (ready.Step != step || ready.Shards.Count != ready.Node.Count
            || !_gradients.Add(new GradientSource(ready.Node, ready.Worker, ready.Buffer)))
        {
            return false;
        }
        Work.Ledger.Enter(ready.Node, ready.Shards);
        return true;
    }

    public ReduceGradients Reduction() => new(step, _gradients.Sources);

    /// <summary>Takes the sum's norm; false: norm or loss is not finite, and no update follows.</summary>
    public bool TakeSum(double sumNorm)
    {
        _gradientNorm = sumNorm / Total.Count;
        return double.IsFinite(_gradientNorm) && double.IsFinite(Total.LossSum);
    }

    /// <param name="appliedSteps">Number of this update, from 1.</param>
    public ApplyUpdate Update(long appliedSteps)
    {
        double clipFactor = GradientNorm.ClipFactor(job.ClipNorm, _gradientNorm);
        return new ApplyUpdate(step, learningRate, 1.0 / Total.Count, clipFactor, appliedSteps);
    }

    public StepMetrics Metrics(bool skipped, TimeSpan elapsed)
    {
        (double lossSum, long correct, long count) = Total;
        EvaluationMetrics mean = EpochJudge.Mean(lossSum, correct, count, job.Loss.Kind);
        return new StepMetrics(
            step, plan.WindowOf(step).Epoch, mean.Loss, mean.Accuracy, learningRate, (int)count,
            _gradientNorm, skipped, elapsed);
    }
}
