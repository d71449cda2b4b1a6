using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Coordination;

/// <summary>
/// What the end of an epoch decides: its metrics, whether it is the best so far, whether the plateau rule
/// lowers the rate, whether training stops early. A pure function of progress and metrics.
/// </summary>
internal sealed class EpochJudge(JobSpec job, bool hasValidation)
{
    /// <summary>
    /// Without early stopping the best epoch is still known: by validation loss, else by training loss.
    /// </summary>
    private readonly EarlyStoppingPolicy _policy = new(job.EarlyStopping ?? new EarlyStoppingSpec
    {
        Metric = hasValidation ? StoppingMetric.ValidationLoss : StoppingMetric.TrainLoss,
        Patience = int.MaxValue,
    });

    private readonly StoppingMetric _metric = job.EarlyStopping?.Metric
        ?? (hasValidation ? StoppingMetric.ValidationLoss : StoppingMetric.TrainLoss);

    /// <summary>Progress after the epoch that ends now; its last history entry holds the metrics.</summary>
    public TrainingProgress Judge(
        TrainingProgress progress, EvaluationMetrics? validation, double learningRate, TimeSpan elapsed,
        double samplesPerSecond)
    {
        int epoch = progress.CompletedEpochs + 1;
        EvaluationMetrics train = Mean(
            progress.EpochLossSum, progress.EpochCorrect, progress.EpochSamples, job.Loss.Kind);
        EarlyStoppingDecision decision = _policy.Observe(
            progress.EarlyStopping, epoch,
            EarlyStoppingPolicy.Watched(_metric, train, validation) ?? double.NaN);
        PlateauState plateau = progress.Plateau;
        if (job.LearningRate.Schedule is { Kind: ScheduleKind.ReduceOnPlateau } schedule)
        {
            double watched = EarlyStoppingPolicy.Watched(schedule.Metric, train, validation) ?? double.NaN;
            plateau = PlateauPolicy.Observe(schedule, plateau, watched);
        }
        var metrics = new EpochMetrics(
            epoch, progress.Step, train, validation, learningRate, elapsed, samplesPerSecond,
            decision.Improved);
        return progress with
        {
            CompletedEpochs = epoch,
            EpochLossSum = 0,
            EpochCorrect = 0,
            EpochSamples = 0,
            Plateau = plateau,
            EarlyStopping = decision.State,
            StoppedEarly = decision.Stop && job.EarlyStopping is not null && epoch < job.Epochs,
            History = [.. progress.History, metrics],
        };
    }

    /// <summary>Sums as means; accuracy is null where the loss compares numbers.</summary>
    public static EvaluationMetrics Mean(double lossSum, long correct, long samples, LossKind loss)
    {
        double count = Math.Max(samples, 1);
        double? accuracy = loss == LossKind.CrossEntropy ? correct / count : null;
        return new EvaluationMetrics(lossSum / count, accuracy, checked((int)samples));
    }
}
