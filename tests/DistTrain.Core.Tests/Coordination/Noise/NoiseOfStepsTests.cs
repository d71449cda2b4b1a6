using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination.Noise;

/// <summary>What the coordinator's machine makes of the squares that workers deliver.</summary>
public sealed class NoiseOfStepsTests
{
    private static readonly ActorId A = new("worker-a");
    private TrainingPlan? _plan;

    [Fact]
    public void A_step_gives_an_estimate_and_progress_keeps_it()
    {
        CoordinatorMachine machine = Started(shards: 4, train: 64);
        StepMetrics step = Step(machine, 0, norm: 12);
        // Four shards of two samples, |S|² of 12.5, 14.5, 16.5 and 18.5: Q = 31; |mean|² = (12/8)² = 9/4.
        step.Noise!.Trace!.Value.ShouldBe(13.0 / 3, 1e-13);
        step.Noise.Square!.Value.ShouldBe(9.0 / 4 - 13.0 / 24, 1e-13);
        step.Noise.Estimates.ShouldBe(1);
        machine.Progress.NoiseScale.Steps.ShouldBe(1);
        machine.Progress.NoiseScale.TraceSum.ShouldBe(step.Noise.Trace.Value);
        machine.Progress.NoiseScale.SquareSum.ShouldBe(step.Noise.Square.Value);
    }

    [Fact]
    public void Later_steps_between_the_estimates_repeat_the_smoothed_scale()
    {
        CoordinatorMachine machine = Started(shards: 4, train: 8 * 100);
        StepMetrics[] steps = [.. Enumerable.Range(0, 100).Select(step => Step(machine, step, norm: 12))];
        steps.Where(step => step.Noise!.Trace is not null).Select(step => step.Step).ShouldBe(
            Enumerable.Range(0, 100).Select(step => (long)step).Where(NoiseSampling.Takes));
        steps[65].Noise.ShouldBe(steps[64].Noise! with { Trace = null, Square = null });
        steps[65].Noise!.Scale.ShouldNotBeNull();
    }

    [Fact]
    public void One_shard_and_a_skipped_step_give_none()
    {
        CoordinatorMachine single = Started(shards: 1, train: 8);
        Step(single, 0, norm: 4).Noise.ShouldBeNull();
        single.Progress.NoiseScale.ShouldBe(new NoiseScaleState());

        CoordinatorMachine skipped = Started(shards: 4, train: 64);
        Step(skipped, 0, norm: double.NaN).Skipped.ShouldBeTrue();
        skipped.Progress.NoiseScale.ShouldBe(new NoiseScaleState());
    }

    [Fact]
    public void Shards_without_samples_are_not_counted()
    {
        // Eleven samples in batches of eight: the last step has three, and the first shard none.
        CoordinatorMachine machine = Started(shards: 4, train: 11);
        Step(machine, 0, norm: 16);
        StepMetrics last = Step(machine, 1, norm: 6);
        last.Noise!.Trace!.Value.ShouldBe((14.5 + 16.5 + 18.5 - 3 * 4.0) / 2, 1e-13);
    }

    [Fact]
    public void A_shard_that_came_without_its_square_spoils_no_estimate()
    {
        CoordinatorMachine machine = Started(shards: 4, train: 64);
        Deliver(machine, 0, 0, 2);
        Handle(machine, new SubtreeReady(
            A, 0, new ShardRange(2, 4), 0, [new ShardResult(2, 0, 2), new ShardResult(2, 0, 2)]));
        Finish(machine, 0, norm: 12).Noise.ShouldBeNull();
        machine.Progress.NoiseScale.ShouldBe(new NoiseScaleState());
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_order_of_delivery()
    {
        CoordinatorMachine one = Started(shards: 4, train: 64), other = Started(shards: 4, train: 64);
        Step(one, 0, norm: 7.7);
        foreach (int shard in (int[])[2, 0, 3, 1])
        {
            Deliver(other, 0, shard, shard + 1);
        }
        Finish(other, 0, 7.7);
        other.Progress.NoiseScale.ShouldBe(one.Progress.NoiseScale);
    }

    private CoordinatorMachine Started(int shards, int train)
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: shards, epochs: 1);
        _plan = TestJobs.Plan(job, train: train);
        var machine = new CoordinatorMachine(job, _plan, new TrainingProgress(), 1);
        Handle(machine, new WorkerJoined(A, 1));
        return machine;
    }

    private StepMetrics Step(CoordinatorMachine machine, long step, double norm)
    {
        Deliver(machine, step, 0, _plan!.Shards);
        return Finish(machine, step, norm);
    }

    private void Deliver(CoordinatorMachine machine, long step, int start, int end)
        => Handle(machine, new SubtreeReady(A, step, new ShardRange(start, end), 0,
            [.. Enumerable.Range(start, end - start).Select(shard => ResultOf(step, shard))]));

    private ShardResult ResultOf(long step, int shard)
    {
        int samples = _plan!.SamplesOf(step, shard).Count;
        return samples == 0 ? default : new ShardResult(2, 0, samples) { GradientSquares = 12.5 + 2 * shard };
    }

    private static StepMetrics Finish(CoordinatorMachine machine, long step, double norm)
        => Handle(machine, new GradientsReduced(step, norm)).Concat(Handle(machine, new UpdateApplied(step)))
            .OfType<ReportStep>().ShouldHaveSingleItem().Metrics;

    private static List<Effect> Handle(CoordinatorMachine machine, IMessage message)
    {
        List<Effect> effects = [];
        machine.Handle(message, TimeSpan.Zero, effects);
        return effects;
    }
}
