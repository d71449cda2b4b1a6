using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Tests.Terminal;

public sealed class RunStateTests
{
    /// <summary>Three epochs of 4, 2 and 2 steps; 32 samples each.</summary>
    private static readonly JobSpec Growing = Runs.Job with
    {
        Epochs = 3,
        Batch = Runs.Job.Batch with { Schedule = new() { Kind = BatchScheduleKind.Grow, Milestones = [1] } },
    };

    [Fact]
    public void Steps_and_batch_are_those_of_the_epoch_in_progress()
    {
        RunSnapshot run = At(Growing, step: 4, epoch: 2);
        (run.Epoch, run.Epochs, run.StepInEpoch, run.StepsPerEpoch, run.Batch).ShouldBe((2, 3, 1, 2, 16));
        At(Runs.Job, step: 4, epoch: 2).Batch.ShouldBeNull("it never changes");
    }

    [Fact]
    public void What_remains_is_counted_in_samples_whatever_the_batch()
        => At(Growing, step: 4, epoch: 2).Remaining.ShouldBe(TimeSpan.FromSeconds(16 + 32));

    [Fact]
    public void A_run_of_at_most_so_many_steps_ends_with_them()
    {
        RunSnapshot run = At(Growing with { MaxSteps = 6 }, step: 4, epoch: 2);
        run.Remaining.ShouldBe(TimeSpan.FromSeconds(16));
        run.Epochs.ShouldBe(2);
    }

    [Fact]
    public void A_target_may_end_it_earlier()
        => At(Runs.Job with { Target = new(StoppingMetric.ValidationLoss, 1, Stop: true) }, 4, 2)
            .MayEndEarly.ShouldBeTrue();

    [Fact]
    public void Validations_between_epochs_are_on_the_curve()
    {
        var state = new RunState(Runs.Started());
        state.Validation(new ValidationPoint(2, 16, new(0.25, 0.5, 10)), TimeSpan.FromSeconds(1));
        state.Snapshot(TimeSpan.FromSeconds(2)).ValidationCurve.ShouldBe([new CurvePoint(2, 0.25)]);
    }

    /// <summary>After a step, at a pace of one sample a second.</summary>
    private static RunSnapshot At(JobSpec job, long step, int epoch)
    {
        var state = new RunState(Runs.Started(job));
        state.Step(Runs.Step(step) with { Epoch = epoch, Samples = 16 }, TimeSpan.FromSeconds(16));
        return state.Snapshot(TimeSpan.FromSeconds(16));
    }
}
