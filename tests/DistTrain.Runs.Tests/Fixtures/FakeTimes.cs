using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>Steps of two workers with two shards each, of which the second is slow; 100 ms each.</summary>
internal static class FakeTimes
{
    /// <summary>2026-03-01, UTC.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static StepMetrics Step(long step, string slow = "w2", bool skipped = false)
        => new(step, 1 + (int)(step / 100), 2.5 / (1 + step), 0.5, 0.1, 64, 1, skipped, Ms(100))
        {
            Times = new StepTimes(Ms(90), Ms(6), Ms(skipped ? 0 : 4), [
                new WorkerTimes(
                    "w1", Ms(0), Ms(30), Ms(22), Ms(8), Ms(skipped ? 66 : 70),
                    [new ShardTimes(0, Ms(4), Ms(10)), new ShardTimes(1, Ms(15), Ms(10))]),
                new WorkerTimes(
                    slow, Ms(1), Ms(90), Ms(82), Ms(7), Ms(skipped ? 6 : 10),
                    [new ShardTimes(2, Ms(4), Ms(40)), new ShardTimes(3, Ms(45), Ms(40))]),
            ])
            {
                Begin = Ms(100) * step,
            },
        };

    /// <summary>The same as a timeline holds it.</summary>
    public static TimelineStep StepOf(long step, string slow)
    {
        StepMetrics metrics = Step(step, slow);
        return new TimelineStep(
            step, metrics.Epoch, Start + Ms(100) * step, metrics.Samples, (float)metrics.Loss, Skipped: false,
            metrics.Times!);
    }

    /// <summary>When <see cref="Step"/> began, in ticks of UTC.</summary>
    public static long BeginOf(long step) => Start.UtcTicks + (Ms(100) * step).Ticks;

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
