using DistTrain.Core.Sharding;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Sharding;

public sealed class ShardPlanTests
{
    [Fact]
    public void Shards_follow_one_another_and_differ_by_one_sample_at_most()
    {
        Prop.ForAll(
            Gen.Choose(1, 200).ToArbitrary(), Gen.Choose(0, 5000).ToArbitrary(),
            (shards, samples) =>
            {
                int next = 0, fewest = int.MaxValue, most = 0;
                for (int shard = 0; shard < shards; shard++)
                {
                    (int start, int count) = ShardPlan.SamplesOf(shard, shards, samples);
                    start.ShouldBe(next);
                    (fewest, most) = (Math.Min(fewest, count), Math.Max(most, count));
                    next += count;
                }
                next.ShouldBe(samples);
                (most - fewest).ShouldBeLessThanOrEqualTo(1);
            }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 4, 10, 0, 2)]
    [InlineData(1, 4, 10, 2, 3)]
    [InlineData(2, 4, 10, 5, 2)]
    [InlineData(3, 4, 10, 7, 3)]
    [InlineData(0, 8, 3, 0, 0)]
    [InlineData(2, 8, 3, 0, 1)]
    [InlineData(99_999, 100_000, 2_000_000_000, 1_999_980_000, 20_000)]
    public void Known_cuts(int shard, int shards, int samples, int start, int count)
        => ShardPlan.SamplesOf(shard, shards, samples).ShouldBe((start, count));

    [Fact]
    public void A_range_holds_nothing_when_each_of_its_shards_does()
    {
        for (int samples = 0; samples < 12; samples++)
        {
            for (int start = 0; start <= 8; start++)
            {
                for (int end = start; end <= 8; end++)
                {
                    bool nothing = Enumerable.Range(start, end - start)
                        .All(shard => ShardPlan.SamplesOf(shard, 8, samples).Count == 0);
                    ShardPlan.HoldsNothing(new ShardRange(start, end), 8, samples).ShouldBe(nothing);
                }
            }
        }
    }

    [Fact]
    public void Shards_outside_the_plan_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ShardPlan.SamplesOf(4, 4, 10));
        Should.Throw<ArgumentOutOfRangeException>(() => ShardPlan.SamplesOf(-1, 4, 10));
        Should.Throw<ArgumentOutOfRangeException>(() => ShardPlan.SamplesOf(0, 0, 10));
        Should.Throw<ArgumentOutOfRangeException>(() => ShardPlan.SamplesOf(0, 4, -1));
    }
}
