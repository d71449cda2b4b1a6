using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class TrainingPaceTests
{
    private readonly TrainingPace _pace = new(Seconds(10));

    [Fact]
    public void Nothing_is_known_before_two_counts_differ()
    {
        _pace.Observe(Seconds(0), 0);
        _pace.Observe(Seconds(5), 0);
        _pace.SamplesPerSecond.ShouldBeNull();
        _pace.Remaining(100, 1, TimeSpan.Zero).ShouldBeNull();
    }

    [Fact]
    public void The_pace_is_that_of_the_window()
    {
        _pace.Observe(Seconds(0), 0);
        _pace.Observe(Seconds(20), 20); // slow: 1 a second
        _pace.Observe(Seconds(25), 520); // then 100 a second
        _pace.Observe(Seconds(30), 1020);
        _pace.SamplesPerSecond.ShouldBe(100);
    }

    [Fact]
    public void A_step_longer_than_the_window_still_has_a_pace()
    {
        _pace.Observe(Seconds(0), 0);
        _pace.Observe(Seconds(60), 30);
        _pace.Observe(Seconds(100), 30);
        _pace.SamplesPerSecond.ShouldBe(0.5);
    }

    [Fact]
    public void What_remains_counts_samples_and_evaluations()
    {
        _pace.Observe(Seconds(0), 0);
        _pace.Observe(Seconds(10), 1000);
        _pace.Remaining(500, 3, TimeSpan.Zero).ShouldBe(Seconds(5));
        _pace.ObserveEvaluation(Seconds(2));
        _pace.ObserveEvaluation(Seconds(4));
        _pace.Remaining(500, 3, TimeSpan.Zero).ShouldBe(Seconds(5 + 3 * 3));
    }

    [Fact]
    public void An_evaluation_in_progress_counts_for_what_is_left_of_it()
    {
        _pace.Observe(Seconds(0), 0);
        _pace.Observe(Seconds(10), 1000);
        _pace.ObserveEvaluation(Seconds(4));
        _pace.Remaining(0, 1, Seconds(1)).ShouldBe(Seconds(3));
        _pace.Remaining(0, 1, Seconds(9)).ShouldBe(TimeSpan.Zero);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
