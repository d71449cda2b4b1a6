using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Coordination;

/// <summary>
/// What the end of an epoch decides: its metrics, whether it is the best so far, whether the plateau rule
/// lowers the rate, whether training stops early. A pure function of progress and metrics.
/// </summary>
internal sealed class EpochJudge(JobSpec job, RunCourse course, bool hasValidation)
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
    /// <param name="before">Up to its last step.</param>
    /// <param name="validation">On the weights as they are now; null: none.</param>
    /// <param name="clock">Knows what the epoch took; the next one begins.</param>
    /// <param name="now">The time.</param>
    public TrainingProgress Judge(
        TrainingProgress before, EvaluationMetrics? validation, EpochClock clock, TimeSpan now)
    {
        TrainingProgress progress = course.Note(before, validation);
        double samplesPerSecond = clock.SamplesPerSecond;
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
            epoch, progress.Step, train, validation, progress.LearningRate, clock.EndEpoch(now),
            samplesPerSecond, decision.Improved);
        return progress with
        {
            CompletedEpochs = epoch,
            EpochLossSum = 0,
            EpochCorrect = 0,
            EpochSamples = 0,
            Plateau = plateau,
            EarlyStopping = decision.State,
            StoppedEarly = decision.Stop && job.EarlyStopping is not null && !course.IsOver(progress),
            CutEpoch = course.IsAtEpochEnd(progress) ? null : CutEpoch.Of(progress),
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
