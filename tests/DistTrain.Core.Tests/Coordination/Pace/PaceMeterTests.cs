using DistTrain.Core.Coordination.Pace;

namespace DistTrain.Core.Tests.Coordination.Pace;

public sealed class PaceMeterTests
{
    private readonly PaceMeter _meter = new();

    [Fact]
    public void A_steady_worker_is_measured_after_three_steps()
    {
        Steps(2, seconds: 0.5);
        _meter.IsMeasured.ShouldBeFalse();
        Steps(1, seconds: 0.5);
        _meter.IsMeasured.ShouldBeTrue();
        _meter.SecondsPerSample.ShouldBe(0.05, 1e-12);
    }

    [Fact]
    public void One_hiccup_leaves_no_trace()
    {
        Steps(5, seconds: 0.5);
        Steps(1, seconds: 50);
        Steps(3, seconds: 0.5);
        _meter.SecondsPerSample.ShouldBe(0.05, 1e-12);
    }

    [Fact]
    public void A_lasting_change_is_followed_within_a_dozen_steps()
    {
        Steps(5, seconds: 0.5);
        Steps(12, seconds: 1);
        _meter.SecondsPerSample.ShouldBeInRange(0.095, 0.1);
    }

    [Fact]
    public void A_clock_that_stands_still_makes_nobody_infinitely_fast()
    {
        Steps(3, seconds: 0);
        _meter.SecondsPerSample.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_is_not_renewed_grows_better_with_time()
    {
        Steps(3, seconds: 1);
        for (int look = 0; look < 30; look++)
        {
            _meter.Fade();
        }
        _meter.SecondsPerSample.ShouldBeLessThan(0.05);
    }

    private void Steps(int count, double seconds)
    {
        for (int step = 0; step < count; step++)
        {
            _meter.Observe(seconds, samples: 10);
        }
    }
}
