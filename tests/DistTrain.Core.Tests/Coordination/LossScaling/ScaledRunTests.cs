using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination.LossScaling;

/// <summary>The scale's way through both machines: order, overflow, skip, next order.</summary>
public sealed class ScaledRunTests
{
    private const int Batch = 8;

    [Fact]
    public void Every_order_carries_the_factor_of_its_step_and_the_line_of_a_step_its_scale()
    {
        ScriptedRun run = Begin(initial: 64, interval: 2, out IReadOnlyList<Effect> first);
        Factors(first).ShouldBe([64.0 / Batch]);
        IReadOnlyList<Effect> second = Step(run, 0, norm: 1);
        Scales(second).ShouldBe([64]);
        Factors(second).ShouldBe([64.0 / Batch]);
        IReadOnlyList<Effect> third = Step(run, 1, norm: 1);
        Scales(third).ShouldBe([64]);
        Factors(third).ShouldBe([128.0 / Batch]);
        run.Machine.Progress.LossScale.ShouldBe(new LossScaleState(128, 0));
    }

    [Fact]
    public void An_overflow_is_skipped_lowers_the_scale_and_is_no_sign_of_divergence()
    {
        // The job fails after three skips in a row.
        ScriptedRun run = Begin(initial: 64, interval: 1000, out _);
        for (int step = 0; step < 6; step++)
        {
            IReadOnlyList<Effect> effects = Step(run, step, double.NaN);
            Scales(effects).ShouldBe([Math.ScaleB(64, -step)]);
            Factors(effects).ShouldBe([Math.ScaleB(64.0 / Batch, -step - 1)]);
            effects.OfType<Notice>().Single().Text.ShouldBe(
                $"step {step}: a scaled gradient overflowed; the update is skipped on all workers "
                + $"and the loss scale is {Math.ScaleB(64, -step - 1)} now");
        }
        run.Machine.Progress.SkippedSteps.ShouldBe(6);
        run.Machine.Progress.ConsecutiveSkips.ShouldBe(0);
        run.Machine.Progress.AppliedSteps.ShouldBe(0);
    }

    [Fact]
    public void At_the_least_scale_a_gradient_that_is_not_finite_counts_again()
    {
        ScriptedRun run = Begin(initial: 1, interval: 1000, out _);
        Step(run, 0, double.NaN).OfType<Notice>().Single().Text.ShouldContain("the gradient is not finite");
        Step(run, 1, double.NaN);
        Step(run, 2, double.NaN).OfType<Finish>().Single().Outcome.Status.ShouldBe(RunStatus.Failed);
    }

    [Fact]
    public void A_loss_that_is_not_finite_counts_at_any_scale_for_it_is_not_scaled()
    {
        ScriptedRun run = Begin(initial: 65536, interval: 1000, out _);
        Step(run, 0, double.NaN, loss: double.NaN);
        run.Machine.Progress.ConsecutiveSkips.ShouldBe(1);
        run.Machine.Progress.LossScale.ShouldBe(new LossScaleState(32768, 0));
    }

    [Fact]
    public void A_run_goes_on_with_the_scale_of_its_checkpoint()
    {
        var progress = new TrainingProgress { Step = 1, LossScale = new LossScaleState(4, 1) };
        JobSpec job = Job(initial: 64, interval: 2);
        var machine = new CoordinatorMachine(job, TestJobs.Plan(job, train: 8_000), progress, 1);
        List<Effect> effects = [];
        machine.Handle(new WorkerJoined(ScriptedRun.A, 1), default, effects);
        Factors(effects).ShouldBe([4.0 / Batch]);
    }

    [Fact]
    public void A_worker_computes_with_the_factor_of_its_order()
    {
        JobSpec job = Job(initial: 64, interval: 2);
        var worker = new WorkerMachine(ScriptedRun.A, new ActorId("coordinator"), TestJobs.Plan(job, 8_000));
        List<Effect> effects = [];
        worker.Handle(
            new ComputeGradients(0, new ShardRange(0, 2)) { LossFactor = 0.25 }, effects);
        worker.Handle(new WeightsAcquired(0), effects);
        worker.Handle(new ShardComputed(0, 0, new ShardResult(1, 1, 2)), effects);
        effects.OfType<ComputeShard>().Select(shard => shard.LossFactor).ShouldBe([0.25, 0.25]);
        effects.Clear();
        worker.Handle(new ComputeGradients(1, new ShardRange(0, 1)), effects);
        worker.Handle(new ShardComputed(0, 1, new ShardResult(1, 1, 2)), effects);
        worker.Handle(new WeightsAcquired(1), effects);
        effects.OfType<ComputeShard>().Select(shard => shard.LossFactor).ShouldBe([1.0]);
    }

    private static ScriptedRun Begin(double initial, int interval, out IReadOnlyList<Effect> effects)
    {
        JobSpec job = Job(initial, interval);
        var run = new ScriptedRun(job, TestJobs.Plan(job, train: 8_000), initialWorkers: 1);
        effects = run.Tell(new WorkerJoined(ScriptedRun.A, 1));
        return run;
    }

    private static JobSpec Job(double initial, int interval) => TestJobs.Job(batch: Batch, epochs: 1) with
    {
        Precision = Precision.Fp16,
        LossScaling = new LossScalingSpec { Initial = initial, GrowthInterval = interval },
    };

    /// <summary>All four shards, their sum, and the update unless it is skipped.</summary>
    private static IReadOnlyList<Effect> Step(ScriptedRun run, long step, double norm, double loss = 2)
    {
        run.Tell(new SubtreeReady(
            ScriptedRun.A, step, new ShardRange(0, 4), 0,
            [.. Enumerable.Repeat(new ShardResult(loss, 1, 2), 4)]));
        IReadOnlyList<Effect> effects = run.Tell(new GradientsReduced(step, norm));
        return double.IsFinite(norm) ? run.Tell(new UpdateApplied(step)) : effects;
    }

    private static double[] Factors(IEnumerable<Effect> effects)
        => [.. effects.OfType<Send>().Select(send => send.Message).OfType<ComputeGradients>()
            .Select(order => order.LossFactor)];

    private static double?[] Scales(IEnumerable<Effect> effects)
        => [.. effects.OfType<ReportStep>().Select(report => report.Metrics.LossScale)];
}
