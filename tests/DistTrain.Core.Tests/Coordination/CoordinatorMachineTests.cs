using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

public class CoordinatorMachineTests
{
    private static readonly ActorId A = new("worker-a");
    private static readonly ActorId B = new("worker-b");
    private readonly List<Effect> _effects = [];

    [Fact]
    public void Nothing_begins_before_the_first_workers_are_all_here()
    {
        CoordinatorMachine machine = Machine(TestJobs.Job(), workers: 2);
        Handle(machine, new WorkerJoined(A, 1)).ShouldBeEmpty();
        Handle(machine, new WorkerJoined(B, 1)).ShouldBe([
            new Send(A, new ComputeGradients(0, new ShardRange(0, 2))),
            new Send(B, new ComputeGradients(0, new ShardRange(2, 4)))]);
    }

    [Fact]
    public void A_step_goes_from_shards_to_sum_to_update_to_the_next_step()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, Ready(A, 0, 0, 2)).ShouldBeEmpty();
        ReduceGradients reduce = Handle(machine, Ready(B, 0, 2, 4)).ShouldHaveSingleItem()
            .ShouldBeOfType<ReduceGradients>();
        reduce.Sources.Select(source => source.Worker).ShouldBe([A, B]);
        Handle(machine, new GradientsReduced(0, 16)).ShouldBe([new ApplyUpdate(0, 0.125, 1.0 / 8, 1, 1)]);
        IReadOnlyList<Effect> committed = Handle(machine, new UpdateApplied(0));
        StepMetrics step = committed[0].ShouldBeOfType<ReportStep>().Metrics;
        step.Loss.ShouldBe(1);
        step.GradientNorm.ShouldBe(2);
        committed[1].ShouldBeOfType<ReportWorkers>().Paces.Select(pace => pace.Shards).ShouldBe([2, 2]);
        committed[2].ShouldBe(new Send(A, new ComputeGradients(1, new ShardRange(0, 2))));
        machine.Progress.Step.ShouldBe(1);
    }

    [Fact]
    public void Gradients_of_another_step_of_a_stranger_or_seen_before_are_dropped()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, Ready(A, 1, 0, 2)).ShouldBeEmpty();
        Handle(machine, Ready(new ActorId("stranger"), 0, 0, 2)).ShouldBeEmpty();
        Handle(machine, Ready(A, 0, 1, 3)).ShouldBeEmpty("[1,3) is no node of the tree over 4");
        Handle(machine, Ready(A, 0, 0, 2)).ShouldBeEmpty();
        Handle(machine, Ready(A, 0, 0, 2)).ShouldBeEmpty();
        Handle(machine, Ready(B, 0, 2, 4)).ShouldHaveSingleItem().ShouldBeOfType<ReduceGradients>()
            .Sources.Count.ShouldBe(2);
        Handle(machine, Ready(B, 0, 2, 4)).ShouldBeEmpty();
        Handle(machine, new UpdateApplied(0)).ShouldBeEmpty("nothing was applied yet");
        Handle(machine, new GradientsReduced(7, 1)).ShouldBeEmpty();
    }

    [Fact]
    public void The_shards_of_a_lost_worker_go_to_the_others_in_the_same_step()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, Ready(A, 0, 0, 2));
        IReadOnlyList<Effect> effects = Handle(machine, new WorkerLost(B, "its socket closed"));
        effects[0].ShouldBeOfType<Notice>().Text.ShouldBe("worker-b is lost: its socket closed");
        effects[1].ShouldBe(new Send(A, new ComputeGradients(0, new ShardRange(2, 4))));
        Handle(machine, Ready(B, 0, 2, 4)).ShouldBeEmpty("what a lost worker sends late is dropped");
        Handle(machine, Ready(A, 0, 2, 4)).ShouldHaveSingleItem().ShouldBeOfType<ReduceGradients>();
    }

    [Fact]
    public void A_step_tells_how_many_of_its_shards_changed_hands()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, Ready(A, 0, 0, 2));
        Handle(machine, new WorkerLost(B, "its socket closed"));
        Handle(machine, Ready(A, 0, 2, 4));
        Handle(machine, new GradientsReduced(0, 16));
        Handle(machine, new UpdateApplied(0)).OfType<ReportStep>().Single().Metrics.Reassigned.ShouldBe(2);

        Handle(machine, Ready(A, 1, 0, 4));
        Handle(machine, new GradientsReduced(1, 16));
        Handle(machine, new UpdateApplied(1)).OfType<ReportStep>().Single().Metrics.Reassigned.ShouldBe(0);
    }

    [Fact]
    public void Without_any_worker_the_run_pauses_and_the_same_step_starts_again_when_one_is_back()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, new WorkerLost(A, "killed"));
        Handle(machine, new WorkerLost(B, "killed")).Last().ShouldBeOfType<Notice>().Text
            .ShouldBe("waiting for workers: 0 here, 1 needed");
        Handle(machine, new WorkerJoined(B, 1)).ShouldBe([
            new Notice("going on with 1 worker"),
            new Send(B, new ComputeGradients(0, new ShardRange(0, 4)))]);
    }

    [Fact]
    public void Fewer_workers_than_the_minimum_pause_the_run_at_the_end_of_the_step()
    {
        CoordinatorMachine machine = Started(TestJobs.Job(minWorkers: 2));
        Handle(machine, Ready(A, 0, 0, 2));
        Handle(machine, new WorkerLost(B, "killed"));
        Handle(machine, Ready(A, 0, 2, 4));
        Handle(machine, new GradientsReduced(0, 1));
        Handle(machine, new UpdateApplied(0)).Last().ShouldBeOfType<Notice>().Text
            .ShouldBe("waiting for workers: 1 here, 2 needed");
        IReadOnlyList<Effect> effects = Handle(machine, new WorkerJoined(B, 1));
        effects[0].ShouldBe(new Notice("going on with 2 workers"));
        effects.OfType<Send>().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_skips_the_update_once_for_all(double norm)
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        IReadOnlyList<Effect> effects = Reduce(machine, 0, norm);
        effects.OfType<ApplyUpdate>().ShouldBeEmpty();
        effects.OfType<ReportStep>().ShouldHaveSingleItem().Metrics.Skipped.ShouldBeTrue();
        machine.Progress.ShouldSatisfyAllConditions(
            progress => progress.Step.ShouldBe(1), progress => progress.AppliedSteps.ShouldBe(0),
            progress => progress.SkippedSteps.ShouldBe(1));
    }

    [Fact]
    public void Several_skipped_steps_in_a_row_fail_the_run_and_name_the_step()
    {
        CoordinatorMachine machine = Started(TestJobs.Job(epochs: 5, maxSkips: 2));
        Reduce(machine, 0, double.NaN);
        RunOutcome outcome = Reduce(machine, 1, double.NaN).OfType<Finish>().ShouldHaveSingleItem().Outcome;
        outcome.Status.ShouldBe(RunStatus.Failed);
        outcome.Reason.ShouldContain("2 steps in a row up to step 1");
    }

    [Fact]
    public void A_good_step_in_between_resets_the_count_of_skips()
    {
        CoordinatorMachine machine = Started(TestJobs.Job(epochs: 5, maxSkips: 2));
        Reduce(machine, 0, double.NaN);
        Reduce(machine, 1, 1);
        Handle(machine, new UpdateApplied(1));
        Reduce(machine, 2, double.NaN);
        machine.IsFinished.ShouldBeFalse();
        machine.Progress.ConsecutiveSkips.ShouldBe(1);
    }

    [Fact]
    public void An_interrupt_finishes_the_step_saves_and_ends()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        Handle(machine, new StopRequested("Ctrl-C")).ShouldBeEmpty("the step in flight is finished first");
        Reduce(machine, 0, 1);
        Handle(machine, new UpdateApplied(0)).Last().ShouldBeOfType<SaveCheckpoint>()
            .Progress.Step.ShouldBe(1);
        Handle(machine, new CheckpointFinished(null)).OfType<Finish>().ShouldHaveSingleItem()
            .Outcome.Status.ShouldBe(RunStatus.Interrupted);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_said_and_training_goes_on()
    {
        CoordinatorMachine machine = Started(TestJobs.Job(checkpoint: new CheckpointSpec(1, 1, 3)));
        Reduce(machine, 0, 1);
        Handle(machine, new UpdateApplied(0)).Last().ShouldBeOfType<SaveCheckpoint>();
        IReadOnlyList<Effect> effects = Handle(machine, new CheckpointFinished("the disk is full"));
        effects[0].ShouldBe(new Notice("the disk is full"));
        effects[1].ShouldBeOfType<Send>().Message.ShouldBeOfType<ComputeGradients>().Step.ShouldBe(1);
    }

    [Fact]
    public void An_engine_error_fails_the_run()
    {
        CoordinatorMachine machine = Started(TestJobs.Job());
        IReadOnlyList<Effect> effects = Handle(machine, new WorkFailed(A, "out of memory"));
        effects.OfType<Send>().Select(send => send.Message).ShouldAllBe(message => message is TrainingEnded);
        effects.OfType<Finish>().ShouldHaveSingleItem().Outcome.Reason.ShouldBe("worker-a: out of memory");
        Handle(machine, Ready(B, 0, 2, 4)).ShouldBeEmpty();
    }

    private static SubtreeReady Ready(ActorId worker, long step, int start, int end)
        => new(worker, step, new ShardRange(start, end), 0,
            [.. Enumerable.Range(start, end - start).Select(_ => new ShardResult(2, 1, 2))]);

    private static CoordinatorMachine Machine(JobSpec job, int workers = 2)
        => new(job, TestJobs.Plan(job, train: 40), new TrainingProgress(), workers);

    private CoordinatorMachine Started(JobSpec job)
    {
        CoordinatorMachine machine = Machine(job);
        Handle(machine, new WorkerJoined(A, 1));
        Handle(machine, new WorkerJoined(B, 1));
        return machine;
    }

    private IReadOnlyList<Effect> Reduce(CoordinatorMachine machine, long step, double norm)
    {
        Handle(machine, Ready(A, step, 0, 2));
        Handle(machine, Ready(B, step, 2, 4));
        return Handle(machine, new GradientsReduced(step, norm));
    }

    private IReadOnlyList<Effect> Handle(CoordinatorMachine machine, IMessage message)
    {
        _effects.Clear();
        machine.Handle(message, TimeSpan.Zero, _effects);
        return [.. _effects];
    }
}
