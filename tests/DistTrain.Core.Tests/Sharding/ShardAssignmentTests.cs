using DistTrain.Core.Sharding;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Sharding;

public sealed class ShardAssignmentTests
{
    [Fact]
    public void Every_shard_is_given_once_and_no_division_finishes_sooner()
    {
        Arbitrary<double[]> speeds = Gen.Choose(0, 4_000).Select(n => n / 1000.0).ArrayOf()
            .Where(values => values.Length is > 0 and < 5 && values.Sum() > 0).ToArbitrary();
        Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), speeds, (shards, values) =>
        {
            ShardRange[] ranges = ShardAssignment.Assign(shards, values);
            ranges.Length.ShouldBe(values.Length);
            int next = 0;
            double longest = 0;
            for (int worker = 0; worker < ranges.Length; worker++)
            {
                ranges[worker].Start.ShouldBe(next);
                next = ranges[worker].End;
                longest = Math.Max(longest, Time(ranges[worker].Count, values[worker]));
            }
            next.ShouldBe(shards);
            longest.ShouldBeLessThanOrEqualTo(Best(shards, values, 0) * (1 + 1e-9));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The least makespan, by trying every division.</summary>
    private static double Best(int shards, double[] speeds, int worker)
        => worker == speeds.Length - 1
            ? Time(shards, speeds[worker])
            : Enumerable.Range(0, shards + 1).Min(count => Math.Max(
                Time(count, speeds[worker]), Best(shards - count, speeds, worker + 1)));

    private static double Time(int shards, double speed) => shards == 0 ? 0 : shards / speed;

    [Theory]
    [InlineData(8, new[] { 1.0, 1, 1 }, new[] { 3, 3, 2 })]
    [InlineData(8, new[] { 1.0, 3 }, new[] { 2, 6 })]
    [InlineData(4, new[] { 100.0, 1 }, new[] { 4, 0 })]
    [InlineData(2, new[] { 1.0, 0.4 }, new[] { 2, 0 })]
    [InlineData(12, new[] { 2.0, 2, 1 }, new[] { 5, 5, 2 })]
    [InlineData(2, new[] { 1.0, 1, 1, 1 }, new[] { 1, 1, 0, 0 })]
    [InlineData(6, new[] { 0.0, 0, 0 }, new[] { 2, 2, 2 })]
    [InlineData(5, new[] { 0.0, 2 }, new[] { 0, 5 })]
    [InlineData(9, new[] { double.MaxValue, double.MaxValue, double.MaxValue }, new[] { 3, 3, 3 })]
    [InlineData(3, new[] { 1e-300, 1e300 }, new[] { 0, 3 })]
    public void Known_assignments(int shards, double[] speeds, int[] counts)
        => ShardAssignment.Assign(shards, speeds).Select(range => range.Count).ShouldBe(counts);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1.0)]
    [InlineData(double.PositiveInfinity)]
    public void A_speed_that_is_none_is_refused(double speed)
        => Should.Throw<ArgumentException>(() => ShardAssignment.Assign(4, [1, speed]));

    [Fact]
    public void Nobody_cannot_be_given_shards()
        => Should.Throw<ArgumentException>(() => ShardAssignment.Assign(4, []));
}
