using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Membership;

public sealed class FailureDetectorTests
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(125);
    private readonly FailureDetector _detector = new(new FailureDetectorOptions());
    private TimeSpan _now = TimeSpan.FromHours(3);

    [Theory]
    [InlineData(0, Liveness.Alive)]
    [InlineData(2000, Liveness.Alive)]
    [InlineData(2125, Liveness.Suspected)]
    [InlineData(5000, Liveness.Suspected)]
    [InlineData(5125, Liveness.Gone)]
    public void Silence_is_borne_then_suspected_then_the_end(int milliseconds, Liveness expected)
    {
        TimeSpan heard = _detector.Observe(_now);
        Pass(TimeSpan.FromMilliseconds(milliseconds));
        _detector.Judge(heard).ShouldBe(expected);
    }

    [Fact]
    public void A_stall_of_our_own_condemns_nobody()
    {
        TimeSpan heard = _detector.Observe(_now);
        _now += TimeSpan.FromMinutes(10);
        _detector.Observe(_now);
        _detector.Judge(heard).ShouldBe(Liveness.Alive);
    }

    [Fact]
    public void After_a_stall_of_our_own_silence_counts_on()
    {
        TimeSpan heard = _detector.Observe(_now);
        Pass(TimeSpan.FromSeconds(1));
        _now += TimeSpan.FromMinutes(10);
        _detector.Observe(_now);
        Pass(TimeSpan.FromSeconds(3.25));
        _detector.Judge(heard).ShouldBe(Liveness.Suspected);
        Pass(TimeSpan.FromSeconds(0.5));
        _detector.Judge(heard).ShouldBe(Liveness.Gone);
    }

    [Fact]
    public void What_is_heard_first_after_a_stall_gets_no_longer_patience_than_any()
    {
        _detector.Observe(_now);
        _now += TimeSpan.FromMinutes(10);
        TimeSpan heard = _detector.Observe(_now);
        Pass(TimeSpan.FromSeconds(5.125));
        _detector.Judge(heard).ShouldBe(Liveness.Gone);
    }

    private void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TickEvery)
        {
            _now += TickEvery;
            _detector.Observe(_now);
        }
    }
}
