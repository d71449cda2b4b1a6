using DistTrain.Core.Coordination.Pace;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination.Pace;

public sealed class PacePolicyTests
{
    [Fact]
    public void Declared_speeds_count_until_something_is_measured()
        => SpeedPolicy.SpeedsOf([1, 3], [0, 0]).ShouldBe([1.0, 3.0]);

    [Fact]
    public void A_newcomer_is_set_against_the_measured_by_what_all_declared()
    {
        // The first two do 50 samples a second for each unit they declared.
        double[] speeds = SpeedPolicy.SpeedsOf([2, 4, 1], [0.01, 0.005, 0]);
        speeds.ShouldBe([100, 200, 50], 1e-9);
    }

    [Fact]
    public void A_worker_that_declared_nothing_counts_by_what_is_measured()
        => SpeedPolicy.SpeedsOf([0, 0], [0.5, 0]).ShouldBe([2.0, 0.0]);

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-1, 0)]
    [InlineData(1e-300, 0)]
    [InlineData(double.PositiveInfinity, 1e12)]
    [InlineData(7.5, 7.5)]
    public void A_declared_speed_is_kept_within_limits(double declared, double taken)
        => SpeedPolicy.Sensible(declared).ShouldBe(taken);

    [Theory]
    [InlineData(1.0, 1.3, false)]
    [InlineData(1.0, 2.0, true)]
    public void Another_division_is_worth_it_only_beyond_jitter(double first, double second, bool worthwhile)
    {
        double[] speeds = [first, second];
        ShardRange[] equal = [new(0, 4), new(4, 8)];
        SpeedPolicy.IsWorthwhile(equal, ShardAssignment.Assign(8, speeds), speeds).ShouldBe(worthwhile);
    }

    [Theory]
    [InlineData(false, 100, 60, true)]
    [InlineData(false, 100, 70, false)]
    [InlineData(true, 100, 70, true)]
    [InlineData(true, 100, 90, false)]
    [InlineData(false, 4, 1, false)]
    [InlineData(false, 100, 0, false)]
    public void A_worker_is_slow_when_the_others_wait_for_it_noticeably(
        bool was, int own, int others, bool slow)
        => SlownessPolicy.IsSlow(was, TimeSpan.FromMilliseconds(own), TimeSpan.FromMilliseconds(others))
            .ShouldBe(slow);

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(0.1, 0, 2)]
    [InlineData(3, 0, 12)]
    [InlineData(3, 2, 48)]
    [InlineData(0.1, 100, 64)]
    public void Patience_follows_the_usual_time_and_doubles(double usual, int repeats, double seconds)
        => PatiencePolicy.RepeatAfter(TimeSpan.FromSeconds(usual), repeats)
            .ShouldBe(TimeSpan.FromSeconds(seconds));
}
