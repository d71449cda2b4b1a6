using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Tests.Terminal;

public class WorkerTextTests
{
    [Fact]
    public void The_live_view_names_workers_their_shards_and_the_slow_one()
    {
        var time = new ManualTime();
        var screen = new Screen(100, 30);
        using var view = new LiveView(screen, color: false, time);
        view.OnStarted(Runs.Started());
        view.OnWorkers([Pace("worker-1", 6, 12.34, 5300), Pace("w2", 1, 1500, 90, slow: true)]);
        time.Advance(TimeSpan.FromSeconds(1));
        screen.Text[4..6].ShouldBe(
        [
            "worker-1    6 shards  12.3 ms a step  5,300 samples/s",
            "w2          1 shard    1.50 s a step  90 samples/s  slow: the others wait for it",
        ]);
        view.OnWorkers([]);
        time.Advance(TimeSpan.FromSeconds(1));
        screen.Text.ShouldNotContain(line => line.Contains("worker-1"));
    }

    [Fact]
    public void Of_many_workers_the_slow_ones_are_shown_and_the_rest_counted()
    {
        IEnumerable<int> numbers = Enumerable.Range(0, 16);
        WorkerPace[] many = [.. numbers.Select(i => Pace($"w{i}", 2, 10, 100, slow: i == 13))];
        IReadOnlyList<Line> lines = WorkerText.Lines(many);
        lines.Count.ShouldBe(6);
        lines[0].ToString().ShouldStartWith("w13 ");
        lines[^1].ToString().ShouldBe("and 11 more workers");
    }

    [Fact]
    public void The_plain_view_has_a_line_when_workers_change_and_not_with_every_figure()
    {
        var output = new StringWriter { NewLine = "\n" };
        using var view = new PlainView(output);
        view.OnWorkers([Pace("a", 4, 10, 100), Pace("b", 4, 10, 100)]);
        view.OnWorkers([Pace("a", 5, 11, 101), Pace("b", 3, 12, 99)]);
        view.OnWorkers([Pace("a", 6, 11, 101), Pace("b", 2, 0.5, 99, slow: true)]);
        output.ToString().ShouldBe(
            "workers: a 4 shards 10.0 ms a step, b 4 shards 10.0 ms a step\n"
            + "workers: a 6 shards 11.0 ms a step, b 2 shards 0.50 ms a step (slow)\n");
    }

    private static WorkerPace Pace(
        string name, int shards, double milliseconds, double speed, bool slow = false)
        => new(name, shards, TimeSpan.FromMilliseconds(milliseconds), speed, slow);
}
