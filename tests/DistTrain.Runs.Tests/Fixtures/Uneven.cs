using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>Steps whose times are any number of ticks, one after the other without a gap.</summary>
internal static class Uneven
{
    private const int Workers = 3;
    private const int ShardsPerWorker = 4;

    public static TimelineStep[] Steps(int seed, int count)
    {
        var random = new Random(seed);
        var steps = new TimelineStep[count];
        DateTimeOffset begin = FakeTimes.Start;
        for (int i = 0; i < count; i++)
        {
            steps[i] = new TimelineStep(i, 1, begin, 64, 0.5F, Skipped: false, Times(random));
            begin = steps[i].End;
        }
        return steps;
    }

    private static StepTimes Times(Random random)
    {
        TimeSpan computing = Some(random, 30_000) + TimeSpan.FromTicks(30_000), reducing = Some(random, 900);
        TimeSpan updating = Some(random, 900), elapsed = computing + reducing + updating;
        return new StepTimes(
            computing, reducing, updating,
            [.. Enumerable.Range(0, Workers).Select(i => Worker($"w{i}", i, random, elapsed))]);
    }

    private static WorkerTimes Worker(string name, int index, Random random, TimeSpan elapsed)
    {
        TimeSpan ordered = Some(random, 500), at = ordered, busy = default;
        var shards = new ShardTimes[ShardsPerWorker];
        for (int i = 0; i < shards.Length; i++)
        {
            at += Some(random, 100);
            TimeSpan took = Some(random, 5000);
            shards[i] = new ShardTimes(index * ShardsPerWorker + i, at, took);
            (at, busy) = (at + took, busy + took);
        }
        TimeSpan answered = at + Some(random, 700);
        return new WorkerTimes(
            name, ordered, answered, busy, answered - ordered - busy, elapsed - answered, shards);
    }

    private static TimeSpan Some(Random random, int ticks) => TimeSpan.FromTicks(random.Next(1, ticks));
}
