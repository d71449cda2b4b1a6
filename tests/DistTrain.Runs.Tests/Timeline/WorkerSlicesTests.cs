using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Timeline;
using FsCheck;
using FsCheck.Fluent;
using static DistTrain.Runs.Tests.Fixtures.FakeTimes;

namespace DistTrain.Runs.Tests.Timeline;

public sealed class WorkerSlicesTests
{
    [Fact]
    public void A_part_is_told_from_the_steps_begin_to_its_end()
        => WorkerSlices.Of(StepOf(0, "w2").Times.Workers[1]).ShouldBe(
        [
            new(SliceKind.Waiting, -1, Ms(0), Ms(1)),
            new(SliceKind.Exchange, -1, Ms(1), Ms(3)),
            new(SliceKind.Shard, 2, Ms(4), Ms(40)),
            new(SliceKind.Exchange, -1, Ms(44), Ms(1)),
            new(SliceKind.Shard, 3, Ms(45), Ms(40)),
            new(SliceKind.Sum, -1, Ms(85), Ms(1)),
            new(SliceKind.Exchange, -1, Ms(86), Ms(4)),
            new(SliceKind.Waiting, -1, Ms(90), Ms(10)),
        ]);

    [Fact]
    public void A_worker_that_does_not_say_shows_its_exchange_alone()
        => WorkerSlices.Of(new WorkerTimes("w", Ms(0), Ms(9), Ms(0), Ms(9), Ms(2), [])).ShouldBe(
        [
            new(SliceKind.Exchange, -1, Ms(0), Ms(9)), new(SliceKind.Waiting, -1, Ms(9), Ms(2)),
        ]);

    [Fact]
    public void Slices_follow_each_other_without_gap_or_overlap_whatever_was_measured()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Ordered, byte Busy, byte Compute, byte Waiting, byte[] Starts)>(),
            given =>
            {
                (int ordered, int busy) = (given.Ordered, given.Busy);
                TimeSpan answered = Ms(ordered + busy), compute = Ms(Math.Min(given.Compute, busy));
                ShardTimes[] shards = [.. (given.Starts ?? []).Order().Select((start, i) =>
                {
                    TimeSpan at = Ms(ordered + Math.Min((int)start, busy));
                    return new ShardTimes(i, at, Ms(Math.Min(7, (answered - at).TotalMilliseconds)));
                })];
                WorkerSlice[] slices = [.. WorkerSlices.Of(new WorkerTimes(
                    "w", Ms(ordered), answered, compute, answered - Ms(ordered) - compute, Ms(given.Waiting),
                    shards))];
                TimeSpan end = TimeSpan.Zero;
                foreach (WorkerSlice slice in slices)
                {
                    slice.Start.ShouldBe(end);
                    slice.Duration.ShouldBeGreaterThan(TimeSpan.Zero);
                    end += slice.Duration;
                }

                end.ShouldBe(answered + Ms(given.Waiting));
            }).QuickCheckThrowOnFailure();
}
