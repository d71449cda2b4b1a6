using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Terminal;

/// <summary>What is said of a run in one line of plain ASCII.</summary>
public static class RunText
{
    /// <summary>What is about to be trained, on what, with whom; clauses are set apart by "; ".</summary>
    public static string Opening(RunStarted run)
    {
        string validation = run.ValidationSamples == 0
            ? ""
            : $", {Units.Count(run.ValidationSamples)} more to validate";
        string resumed = run.ResumedAt is { } step ? $"; going on from step {Units.Count(step)}" : "";
        return Units.Printable(
            $"{run.Job.Name}: {Units.Count(run.Parameters)} parameters; "
            + $"{Units.Count(run.TrainingSamples)} samples{validation}; "
            + $"batch {Batch(run.Plan)} in {Many(run.Job.Batch.Shards, "shard")}; "
            + $"{Many(run.Workers, "worker")}; {Length(run)}; {run.Engine}{resumed}");
    }

    /// <summary>"64", or "64, 128 from epoch 3, 256 from epoch 5".</summary>
    private static string Batch(TrainingPlan plan) => string.Join(", ", plan.Batches.All.Select(phase
        => $"{phase.GlobalBatch}{(phase.FirstEpoch == 0 ? "" : $" from epoch {phase.FirstEpoch + 1}")}"));

    private static string Length(RunStarted run)
    {
        TrainingPlan plan = run.Plan;
        string most = run.Job.LearningRate.Scaling == ScalingRule.AdaScale ? "at most " : "";
        return most.Length == 0 && run.Job.MaxSteps is null && plan.Batches.All.Count == 1
            ? $"{Many(run.Job.Epochs, "epoch")} of {Many(run.StepsPerEpoch, "step")}"
            : $"{Many(run.Job.Epochs, "epoch")}, {most}{Units.Count(plan.TotalSteps)} steps";
    }

    /// <summary>The clauses of a text on as few lines of the given width as hold them.</summary>
    public static IEnumerable<string> Fold(string text, int width)
    {
        string line = "";
        foreach (string clause in text.Split("; "))
        {
            if (line.Length > 0 && line.Length + clause.Length + 3 > width)
            {
                yield return line + ";";
                line = clause;
            }
            else
            {
                line += line.Length > 0 ? "; " + clause : clause;
            }
        }

        yield return line;
    }

    /// <summary>A finished epoch.</summary>
    /// <param name="epoch">Its metrics.</param>
    /// <param name="epochs">How many there are to be.</param>
    /// <param name="batch">Its global batch, where that changes; null: it does not.</param>
    public static string Epoch(EpochMetrics epoch, int epochs, int? batch = null)
    {
        string size = batch is { } samples ? $"batch {samples}, " : "";
        string best = epoch.Improved ? " (best)" : "";
        string train = $"train {Losses(epoch.Train)}";
        string all = epoch.Validation is { } validation
            ? $"{train}, validation {Losses(validation)}{best}"
            : $"{train}{best}";
        return $"epoch {epoch.Epoch}/{epochs}: {all}, {size}rate {Units.Rate(epoch.LearningRate)}, "
            + $"{Units.Throughput(epoch.SamplesPerSecond)}, {Units.Seconds(epoch.Elapsed)}";
    }

    /// <summary>What the gradient noise says of the batch of the hour, or why it says nothing.</summary>
    public static string Noise(StepMetrics step, RunStarted run)
        => NoiseVerdict.Describe(
            step.Noise, run.Plan.Batches.OfStep(step.Step).GlobalBatch, run.Job.Batch.Shards);

    /// <summary>A validation between the ends of epochs.</summary>
    public static string Validation(ValidationPoint validation)
        => $"step {Units.Count(validation.Step)}: validation {Losses(validation.Metrics)}";

    private static string Losses(EvaluationMetrics metrics) => metrics.Accuracy is { } accuracy
        ? $"loss {Units.Loss(metrics.Loss)} accuracy {Units.Share(accuracy)}"
        : $"loss {Units.Loss(metrics.Loss)}";

    private static string Many(int count, string noun)
        => $"{Units.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
