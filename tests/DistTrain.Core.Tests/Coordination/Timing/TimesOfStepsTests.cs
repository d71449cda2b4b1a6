using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using static DistTrain.Core.Tests.Coordination.ScriptedRun;

namespace DistTrain.Core.Tests.Coordination.Timing;

/// <summary>What the coordinator's machine reports of the time of its steps.</summary>
public sealed class TimesOfStepsTests
{
    private readonly ScriptedRun _run = WithTwoWorkers();

    [Fact]
    public void Phases_and_workers_are_those_of_the_step()
    {
        Deliver(A, at: 30, 0, 2, computing: 10);
        Deliver(B, at: 90, 2, 4, computing: 40);
        StepMetrics step = Commit(reducedAt: 93, appliedAt: 95);
        StepTimes times = step.Times!;
        (times.Computing, times.Reducing, times.Updating).ShouldBe((Ms(90), Ms(3), Ms(2)));
        times.Workers.Select(worker => (worker.Worker, worker.Compute, worker.Exchange, worker.Waiting))
            .ShouldBe([("worker-a", Ms(20), Ms(10), Ms(65)), ("worker-b", Ms(80), Ms(10), Ms(5))]);
        StepTimerTests.ShouldAddUp(times, step.Elapsed);
    }

    [Fact]
    public void A_lost_workers_shards_are_in_the_times_of_the_one_who_took_them_over()
    {
        Deliver(A, at: 20, 0, 2, computing: 10);
        Deliver(B, at: 25, 2, 3, computing: 20);
        _run.Now = Ms(40);
        _run.Tell(new WorkerLost(B, "killed"));
        Deliver(A, at: 70, 3, 4, computing: 25);
        StepMetrics step = Commit(reducedAt: 70, appliedAt: 70);
        step.Times!.Workers.Select(worker => (worker.Worker, worker.Answered, worker.Compute))
            .ShouldBe([("worker-a", Ms(70), Ms(45)), ("worker-b", Ms(25), Ms(20))]);
        StepTimerTests.ShouldAddUp(step.Times, step.Elapsed);
    }

    [Fact]
    public void One_who_was_lost_before_it_delivered_anything_has_no_part()
    {
        Deliver(A, at: 20, 0, 2, computing: 10);
        _run.Tell(new WorkerLost(B, "killed"));
        Deliver(A, at: 50, 2, 4, computing: 10);
        Commit(reducedAt: 50, appliedAt: 50).Times!.Workers.ShouldHaveSingleItem().Compute.ShouldBe(Ms(40));
    }

    [Fact]
    public void What_arrives_twice_counts_once()
    {
        Deliver(A, at: 20, 0, 2, computing: 10);
        Deliver(A, at: 40, 0, 2, computing: 10);
        Deliver(B, at: 50, 2, 4, computing: 10);
        WorkerTimes a = Commit(reducedAt: 50, appliedAt: 50).Times!.Workers[0];
        (a.Answered, a.Compute, a.Shards.Count).ShouldBe((Ms(20), Ms(20), 2));
    }

    [Fact]
    public void A_skipped_step_has_no_update()
    {
        Deliver(A, at: 20, 0, 2, computing: 10);
        Deliver(B, at: 50, 2, 4, computing: 10);
        _run.Now = Ms(57);
        StepMetrics step = _run.Tell(new GradientsReduced(0, double.NaN))
            .OfType<ReportStep>().Single().Metrics;
        step.Skipped.ShouldBeTrue();
        (step.Times!.Reducing, step.Times.Updating).ShouldBe((Ms(7), Ms(0)));
    }

    [Fact]
    public void Odd_times_change_no_decision()
    {
        ScriptedRun plain = WithTwoWorkers();
        plain.Deliver(A, 0, 0, 2);
        plain.Deliver(B, 0, 2, 4);
        Deliver(A, at: 0, 0, 2, computing: -1e9);
        Deliver(B, at: 0, 2, 4, computing: 1e9);
        Orders(_run.Commit(0)).ShouldBe(Orders(plain.Commit(0)));
        _run.Machine.Progress.EpochLossSum.ShouldBe(plain.Machine.Progress.EpochLossSum);
    }

    private void Deliver(ActorId worker, double at, int start, int end, double computing)
    {
        _run.Now = Ms(at);
        _run.Tell(new SubtreeReady(
            worker, 0, new ShardRange(start, end), 0,
            [.. Enumerable.Range(0, end - start).Select(i => new ShardResult(2, 1, 2)
            {
                Timing = new ShardTiming(Ms(3 + i * computing), Ms(computing)),
            })]));
    }

    private StepMetrics Commit(double reducedAt, double appliedAt)
    {
        _run.Now = Ms(reducedAt);
        _run.Tell(new GradientsReduced(0, 1));
        _run.Now = Ms(appliedAt);
        return _run.Tell(new UpdateApplied(0)).OfType<ReportStep>().Single().Metrics;
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
