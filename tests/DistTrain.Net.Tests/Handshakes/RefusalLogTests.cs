using DistTrain.Net.Handshakes;

namespace DistTrain.Net.Tests.Handshakes;

public sealed class RefusalLogTests
{
    [Fact]
    public void A_flood_of_refusals_does_not_fill_the_log()
    {
        var time = new HandTime();
        var lines = new List<string>();
        var log = new RefusalLog(lines.Add, time);
        for (int i = 0; i < 1000; i++)
        {
            log.Write($"line {i}");
        }
        lines.Count.ShouldBe(RefusalLog.LinesPerWindow);
        lines[^1].ShouldBe($"line {RefusalLog.LinesPerWindow - 1}");

        time.Now += RefusalLog.Window;
        log.Write("later");
        log.Write("last");
        lines[^2].ShouldBe($"later ({1000 - RefusalLog.LinesPerWindow} more before it were not logged)");
        lines[^1].ShouldBe("last");
    }

    private sealed class HandTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
