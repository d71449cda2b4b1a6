using DistTrain.Core.Jobs;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Coordination;

/// <summary>What a run does next.</summary>
public enum CourseWork
{
    /// <summary>A step.</summary>
    Train,

    /// <summary>A validation between the ends of epochs.</summary>
    ValidateBetween,

    /// <summary>The epoch in progress ends here: validate, judge, save.</summary>
    CloseEpoch,

    /// <summary>Training is over and its last epoch is closed; only the ending may be to come.</summary>
    End,
}

/// <summary>
/// The course of a run: what comes next, from progress alone, so that a resumed run goes on exactly where it
/// was.
/// <code>
///   step   0 … 9 │10 … 15│… 19│20 … 23┃
///          epoch 1       │ epoch 2    ┃ training ends here: maxSteps, the target, or AdaScale's own count
///                validation           ┃ epoch 3 is cut: closed ahead of its end, with all that belongs to it
///                between              ┃
/// </code>
/// An epoch that is cut remembers what it was (<see cref="CutEpoch"/>); a run that goes on further, because
/// its job now asks for more, takes it up again to the bits of a run that was never cut.
/// </summary>
/// <param name="job">The effective job.</param>
/// <param name="plan">Its arithmetic.</param>
public sealed class RunCourse(JobSpec job, TrainingPlan plan)
{
    /// <summary>What follows; the same whether or not the run was interrupted here.</summary>
    public CourseWork Next(TrainingProgress progress)
    {
        if (progress.Step == progress.LastEpochEnd)
        {
            return IsOver(progress) ? CourseWork.End : CourseWork.Train;
        }
        if (IsOver(progress) || IsAtEpochEnd(progress))
        {
            return CourseWork.CloseEpoch;
        }
        bool isDue = plan.ValidationSamples > 0 && job.ValidateEverySteps is { } every
            && progress.Step % every == 0 && ValidationHere(progress) is null;
        return isDue ? CourseWork.ValidateBetween : CourseWork.Train;
    }

    /// <summary>Whether no further step follows.</summary>
    public bool IsOver(TrainingProgress progress)
        => progress.StoppedEarly || HasReachedTarget(progress)
        || progress.Step >= (job.MaxSteps ?? long.MaxValue)
        || (job.LearningRate.Scaling == ScalingRule.AdaScale
            ? progress.ScaleInvariantSteps >= plan.ReferenceSteps
            : progress.Step >= plan.TotalSteps);

    /// <summary>Whether the epoch in progress has all its steps.</summary>
    public bool IsAtEpochEnd(TrainingProgress progress)
        => progress.Step == plan.Batches.StepsBefore(progress.CompletedEpochs + 1);

    /// <summary>
    /// Whether an epoch can be closed without looking at the validation set: there is none, or these very
    /// weights have just been validated.
    /// </summary>
    /// <param name="progress">At the end of an epoch.</param>
    /// <param name="metrics">What is known of the weights; null without a validation set.</param>
    public bool KnowsValidation(TrainingProgress progress, out EvaluationMetrics? metrics)
    {
        metrics = ValidationHere(progress);
        return plan.ValidationSamples == 0 || metrics is not null;
    }

    /// <summary>Progress with a validation between epochs, its last one.</summary>
    public TrainingProgress AfterValidation(TrainingProgress progress, EvaluationMetrics metrics)
        => Note(progress, metrics) with
        {
            Validations =
            [
                .. progress.Validations,
                new ValidationPoint(progress.Step, plan.SamplesBefore(progress.Step), metrics),
            ],
        };

    /// <summary>Progress with the target noted, where this validation is the first to reach it.</summary>
    public TrainingProgress Note(TrainingProgress progress, EvaluationMetrics? validation)
        => progress.Target is null && job.Target is { } target && validation is not null
            && TargetPolicy.IsReached(target, validation)
            ? progress with
            {
                Target = new TargetReached(progress.Step, plan.SamplesBefore(progress.Step)),
            }
            : progress;

    /// <summary>
    /// Where a run goes on from a checkpoint: an epoch that was cut is open again if the job now goes beyond.
    /// </summary>
    public TrainingProgress TakeUp(TrainingProgress saved)
    {
        TrainingProgress open = saved.CutEpoch?.Reopen(saved) ?? saved;
        return IsOver(open) ? saved : open;
    }

    /// <summary>Why training is over, for people.</summary>
    public string ReasonOf(TrainingProgress progress)
    {
        if (progress.StoppedEarly)
        {
            return $"no improvement in {job.EarlyStopping!.Patience} epochs; "
                + $"the best was epoch {progress.EarlyStopping.BestEpoch}";
        }
        if (HasReachedTarget(progress))
        {
            return $"target reached at step {progress.Target!.Step}";
        }
        return progress.CutEpoch is not null && progress.Step >= (job.MaxSteps ?? long.MaxValue)
            ? $"{progress.Step} steps done, the most this job takes (maxSteps)"
            : "all epochs done";
    }

    private static EvaluationMetrics? ValidationHere(TrainingProgress progress)
        => progress.Validations is [.., { } last] && last.Step == progress.Step ? last.Metrics : null;

    private bool HasReachedTarget(TrainingProgress progress)
        => job.Target is { Stop: true } && progress.Target is not null;
}
