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
            + $"batch {run.Job.Batch.Global} in {Many(run.Job.Batch.Shards, "shard")}; "
            + $"{Many(run.Workers, "worker")}; {Many(run.Job.Epochs, "epoch")} of "
            + $"{Many(run.StepsPerEpoch, "step")}; {run.Engine}{resumed}");
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
    public static string Epoch(EpochMetrics epoch, int epochs)
    {
        string best = epoch.Improved ? " (best)" : "";
        string train = $"train {Losses(epoch.Train)}";
        string all = epoch.Validation is { } validation
            ? $"{train}, validation {Losses(validation)}{best}"
            : $"{train}{best}";
        return $"epoch {epoch.Epoch}/{epochs}: {all}, rate {Units.Rate(epoch.LearningRate)}, "
            + $"{Units.Throughput(epoch.SamplesPerSecond)}, {Units.Seconds(epoch.Elapsed)}";
    }

    /// <summary>What the gradient noise says of the batch, or why it says nothing.</summary>
    public static string Noise(StepMetrics step, JobSpec job)
        => NoiseVerdict.Describe(step.Noise, job.Batch.Global, job.Batch.Shards);

    private static string Losses(EvaluationMetrics metrics) => metrics.Accuracy is { } accuracy
        ? $"loss {Units.Loss(metrics.Loss)} accuracy {Units.Share(accuracy)}"
        : $"loss {Units.Loss(metrics.Loss)}";

    private static string Many(int count, string noun)
        => $"{Units.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
