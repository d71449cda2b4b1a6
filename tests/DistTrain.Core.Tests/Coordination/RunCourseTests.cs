using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Tests.Coordination;

public sealed class RunCourseTests
{
    private static readonly EvaluationMetrics Good = new(0.1, 0.99, 10);
    private static readonly EvaluationMetrics Bad = new(2, 0.1, 10);

    [Fact]
    public void Between_epochs_a_validation_is_due_once_every_so_many_steps()
    {
        RunCourse course = Course(Job() with { ValidateEverySteps = 2 });
        course.Next(At(1)).ShouldBe(CourseWork.Train);
        course.Next(At(2)).ShouldBe(CourseWork.ValidateBetween);
        course.Next(course.AfterValidation(At(2), Bad)).ShouldBe(CourseWork.Train);
    }

    [Fact]
    public void Where_it_coincides_with_the_end_of_an_epoch_the_epoch_is_closed_and_nothing_else()
        => Course(Job() with { ValidateEverySteps = 5 }).Next(At(5)).ShouldBe(CourseWork.CloseEpoch);

    [Fact]
    public void A_validation_tells_the_samples_seen()
        => Course(Job() with { ValidateEverySteps = 2 }).AfterValidation(At(2), Bad).Validations
            .ShouldBe([new ValidationPoint(2, 16, Bad)]);

    [Fact]
    public void The_first_validation_that_reaches_the_target_ends_training_without_another()
    {
        RunCourse course = Course(Job() with { ValidateEverySteps = 2, Target = Target(stop: true) });
        TrainingProgress missed = course.AfterValidation(At(2), Bad);
        course.Next(missed).ShouldBe(CourseWork.Train);
        TrainingProgress reached = course.AfterValidation(missed with { Step = 4 }, Good);
        reached.Target.ShouldBe(new TargetReached(4, 32));
        course.Next(reached).ShouldBe(CourseWork.CloseEpoch);
        course.KnowsValidation(reached, out EvaluationMetrics? known).ShouldBeTrue();
        known.ShouldBe(Good);
        course.ReasonOf(reached).ShouldBe("target reached at step 4");
    }

    [Fact]
    public void A_target_that_does_not_stop_keeps_its_first_step()
    {
        RunCourse course = Course(Job() with { ValidateEverySteps = 2, Target = Target(stop: false) });
        TrainingProgress first = course.AfterValidation(At(2), Good);
        course.Next(first).ShouldBe(CourseWork.Train);
        course.AfterValidation(first with { Step = 4 }, Good).Target.ShouldBe(new TargetReached(2, 16));
    }

    [Fact]
    public void The_most_steps_close_the_epoch_in_progress_and_then_all_is_over()
    {
        RunCourse course = Course(Job() with { MaxSteps = 7 });
        TrainingProgress last = At(7, epochs: 1);
        course.Next(last).ShouldBe(CourseWork.CloseEpoch);
        TrainingProgress closed = Closed(last);
        course.Next(closed).ShouldBe(CourseWork.End);
        course.ReasonOf(closed).ShouldBe("7 steps done, the most this job takes (maxSteps)");
    }

    [Fact]
    public void An_epoch_that_was_cut_is_open_again_when_the_job_goes_beyond()
    {
        TrainingProgress open = At(7, epochs: 1) with
        {
            EpochLossSum = 3.5,
            EpochCorrect = 9,
            EpochSamples = 16,
            Plateau = new PlateauState(0.5, 1.25, 1),
            EarlyStopping = new EarlyStoppingState(1.25, 1, 0),
        };
        TrainingProgress cut = Closed(open) with
        {
            CutEpoch = new CutEpoch(3.5, 9, 16, open.Plateau, open.EarlyStopping),
            Plateau = new PlateauState(),
            EarlyStopping = new EarlyStoppingState(0.5, 2, 0),
        };
        Course(Job() with { MaxSteps = 7 }).TakeUp(cut).ShouldBeSameAs(cut);
        TrainingProgress again = Course(Job() with { MaxSteps = 8 }).TakeUp(cut);
        again.History.ShouldBe(open.History);
        (again with { History = open.History }).ShouldBe(open);
    }

    [Fact]
    public void Adascale_ends_when_its_own_count_has_the_steps_of_the_reference_batch()
    {
        JobSpec job = Job();
        RunCourse course = Course(job with
        {
            LearningRate = job.LearningRate with { Scaling = ScalingRule.AdaScale, ReferenceBatch = 4 },
        });
        // Ten steps of four samples an epoch, two epochs.
        course.Next(At(12, epochs: 2) with { ScaleInvariantSteps = 19.9 }).ShouldBe(CourseWork.Train);
        course.Next(At(12, epochs: 2) with { ScaleInvariantSteps = 20 }).ShouldBe(CourseWork.CloseEpoch);
        course.Next(At(14, epochs: 2) with { ScaleInvariantSteps = 14 }).ShouldBe(CourseWork.Train);
        course.Next(At(15, epochs: 2) with { ScaleInvariantSteps = 15 }).ShouldBe(CourseWork.CloseEpoch);
        course.Next(Closed(At(15, epochs: 2)) with { ScaleInvariantSteps = 15 }).ShouldBe(CourseWork.Train);
    }

    /// <summary>Two epochs of five steps of eight samples, with a validation set.</summary>
    private static JobSpec Job() => TestJobs.Job();

    private static RunCourse Course(JobSpec job)
        => new(job, TestJobs.Plan(job, train: 40, validation: 10));

    private static TargetSpec Target(bool stop) => new(StoppingMetric.ValidationAccuracy, 0.9, stop);

    private static TrainingProgress At(long step, int epochs = 0) => new()
    {
        Step = step,
        CompletedEpochs = epochs,
        History = [.. Enumerable.Range(1, epochs).Select(epoch => Epoch(epoch, 5 * epoch))],
    };

    private static TrainingProgress Closed(TrainingProgress progress) => progress with
    {
        CompletedEpochs = progress.CompletedEpochs + 1,
        EpochLossSum = 0,
        EpochCorrect = 0,
        EpochSamples = 0,
        History = [.. progress.History, Epoch(progress.CompletedEpochs + 1, progress.Step)],
        CutEpoch = new CutEpoch(0, 0, 0, new(), new()),
    };

    private static EpochMetrics Epoch(int epoch, long step)
        => new(epoch, step, Bad, Bad, 0.1, TimeSpan.Zero, 0, Improved: false);
}
