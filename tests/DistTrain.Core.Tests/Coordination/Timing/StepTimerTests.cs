using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Coordination.Timing;

public sealed class StepTimerTests
{
    private readonly StepTimer _timer = new();

    [Fact]
    public void A_step_is_divided_among_its_phases_and_each_workers_part_is_placed_in_it()
    {
        _timer.Begin(Ms(1_000));
        Deliver("a", 1_000, 1_050, 0, summing: 2, (4, 10), (16, 12));
        Deliver("b", 1_001, 1_080, 2, summing: 0, (9, 60));
        _timer.Computed(Ms(1_080));
        _timer.Reduced(Ms(1_085));
        StepTimes times = _timer.End(Ms(1_090));

        (times.Computing, times.Reducing, times.Updating).ShouldBe((Ms(80), Ms(5), Ms(5)));
        WorkerTimes a = times.Workers[0];
        (a.Worker, a.Ordered, a.Answered).ShouldBe(("a", Ms(0), Ms(50)));
        (a.Compute, a.Exchange, a.Waiting).ShouldBe((Ms(24), Ms(26), Ms(40)));
        // 24 ms from the first shard's start to the last one's end, 26 ms around them.
        a.Shards.ShouldBe([new(0, Ms(13), Ms(10)), new(1, Ms(25), Ms(12))]);
        WorkerTimes b = times.Workers[1];
        (b.Ordered, b.Answered, b.Compute, b.Exchange, b.Waiting)
            .ShouldBe((Ms(1), Ms(80), Ms(60), Ms(19), Ms(10)));
        b.Shards.ShouldBe([new(2, Ms(10.5), Ms(60))]);
    }

    [Fact]
    public void Subtrees_of_one_worker_are_one_part_and_workers_come_by_their_first_shards()
    {
        _timer.Begin(Ms(0));
        Deliver("late", 0, 10, 3, summing: 0, (1, 5));
        Deliver("early", 0, 20, 1, summing: 0, (1, 5));
        Deliver("late", 0, 30, 0, summing: 1, (7, 5));
        StepTimes times = _timer.End(Ms(40));
        times.Workers.Select(worker => worker.Worker).ShouldBe(["late", "early"]);
        times.Workers[0].Answered.ShouldBe(Ms(30));
        times.Workers[0].Compute.ShouldBe(Ms(11));
        times.Workers[0].Shards.Select(shard => shard.Shard).ShouldBe([3, 0], "in the order of their start");
    }

    [Fact]
    public void A_worker_that_does_not_say_has_exchanged_all_the_time()
    {
        _timer.Begin(Ms(0));
        _timer.Delivered("a", Ms(0), new SubtreeReady(
            new ActorId("a"), 0, new ShardRange(0, 1), 0, [new ShardResult(1, 1, 1)]), Ms(10));
        WorkerTimes a = _timer.End(Ms(10)).Workers.ShouldHaveSingleItem();
        (a.Compute, a.Exchange, a.Shards.Count).ShouldBe((Ms(0), Ms(10), 0));
    }

    [Fact]
    public void A_clock_that_ran_too_fast_fills_the_room_there_is_and_no_more()
    {
        _timer.Begin(Ms(0));
        Deliver("a", 0, 10, 0, summing: 4, (500, 8), (900, 30));
        WorkerTimes a = _timer.End(Ms(12)).Workers.ShouldHaveSingleItem();
        (a.Compute, a.Exchange, a.Waiting).ShouldBe((Ms(10), Ms(0), Ms(2)));
        a.Shards.ShouldBe([new(0, Ms(0), Ms(8)), new(1, Ms(10), Ms(0))]);
    }

    [Fact]
    public void Nothing_of_a_step_is_left_in_the_next()
    {
        _timer.Begin(Ms(0));
        Deliver("a", 0, 10, 0, summing: 1, (0, 8));
        _timer.Computed(Ms(10));
        _timer.Reduced(Ms(11));
        _timer.End(Ms(12));
        _timer.Begin(Ms(100));
        Deliver("b", 100, 103, 0, summing: 0, (1, 1));
        StepTimes second = _timer.End(Ms(104));
        second.Workers.ShouldHaveSingleItem().Worker.ShouldBe("b");
        (second.Computing, second.Reducing, second.Updating).ShouldBe((Ms(4), Ms(0), Ms(0)));
    }

    /// <summary>Marks in any order, workers that are asked late or never, clocks that say anything.</summary>
    [Fact]
    public void Whatever_clocks_say_the_parts_add_up_and_none_is_negative()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<(int Worker, int? Asked, int Now, int Node, int Summing, int[] Clock)[]>(),
            ArbMap.Default.ArbFor<(int Begin, int Computed, int Reduced, int End)>(),
            (deliveries, marks) =>
            {
                _timer.Begin(Ms(marks.Begin));
                TimeSpan last = Ms(marks.Begin);
                foreach (var (worker, asked, now, node, summing, clock) in deliveries)
                {
                    var shards = (clock ?? []).Select((start, i) => new ShardResult(1, 1, 1)
                    {
                        Timing = new ShardTiming(Ms(start), Ms(clock![^(i + 1)])),
                    }).ToArray();
                    int first = Math.Abs(node % 100);
                    _timer.Delivered(
                        $"w{worker % 3}", asked is { } at ? Ms(at) : null,
                        new SubtreeReady(
                            new ActorId("w"), 0, new ShardRange(first, first + shards.Length), 0, shards)
                        {
                            Summing = Ms(summing),
                        },
                        Ms(now));
                    last = Later(last, Ms(now));
                }
                _timer.Computed(Ms(marks.Computed));
                _timer.Reduced(Ms(marks.Reduced));
                StepTimes times = _timer.End(Ms(marks.End));
                TimeSpan end = Later(
                    Later(last, Ms(marks.Computed)), Later(Ms(marks.Reduced), Ms(marks.End)));
                ShouldAddUp(times, end - Ms(marks.Begin));
            }).QuickCheckThrowOnFailure();

    internal static void ShouldAddUp(StepTimes times, TimeSpan step)
    {
        (times.Computing + times.Reducing + times.Updating).ShouldBe(step);
        new[] { times.Computing, times.Reducing, times.Updating }.ShouldAllBe(part => part >= TimeSpan.Zero);
        foreach (WorkerTimes worker in times.Workers)
        {
            new[] { worker.Ordered, worker.Compute, worker.Exchange, worker.Waiting }
                .ShouldAllBe(part => part >= TimeSpan.Zero);
            (worker.Ordered + worker.Compute + worker.Exchange).ShouldBe(worker.Answered);
            (worker.Answered + worker.Waiting).ShouldBe(step);
            worker.Shards.ShouldAllBe(shard => shard.Start >= worker.Ordered
                && shard.Duration >= TimeSpan.Zero && shard.Start + shard.Duration <= worker.Answered);
        }
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Deliver(
        string worker, double asked, double now, int firstShard, double summing,
        params (double Start, double Duration)[] shards)
        => _timer.Delivered(
            worker, Ms(asked),
            new SubtreeReady(
                new ActorId(worker), 0, new ShardRange(firstShard, firstShard + shards.Length), 0,
                [.. shards.Select(shard => new ShardResult(1, 1, 1)
                {
                    Timing = new ShardTiming(Ms(shard.Start), Ms(shard.Duration)),
                })])
            {
                Summing = Ms(summing),
            },
            Ms(now));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
