using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>What a worker is doing in a stretch of a step.</summary>
public enum SliceKind { Shard, Sum, Exchange, Waiting }

/// <summary>A stretch of a worker's time within a step.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Shard">Which shard it computes; -1: none.</param>
/// <param name="Start">From the step's begin.</param>
/// <param name="Duration">More than nothing.</param>
public readonly record struct WorkerSlice(SliceKind Kind, int Shard, TimeSpan Start, TimeSpan Duration);

/// <summary>
/// One worker's part in a step as stretches that follow each other from the step's begin to its end, for a
/// picture of it. A worker says how long its sums took in all, not when: they are shown behind its last
/// shard, less what lies between its shards.
/// <code>
///   │ waiting │ exchange │ shard 2 │ exchange │ shard 3 │ sum │ exchange │ waiting │
/// </code>
/// </summary>
public static class WorkerSlices
{
    public static IEnumerable<WorkerSlice> Of(WorkerTimes worker)
    {
        TimeSpan at = worker.Ordered, gaps = default, computed = default;
        bool begun = false;
        if (at > TimeSpan.Zero)
        {
            yield return new WorkerSlice(SliceKind.Waiting, -1, TimeSpan.Zero, at);
        }

        foreach (ShardTimes shard in worker.Shards)
        {
            if (shard.Start > at)
            {
                gaps += begun ? shard.Start - at : TimeSpan.Zero;
                yield return new WorkerSlice(SliceKind.Exchange, -1, at, shard.Start - at);
                at = shard.Start;
            }

            TimeSpan left = shard.Start + shard.Duration - at;
            if (left > TimeSpan.Zero)
            {
                yield return new WorkerSlice(SliceKind.Shard, shard.Shard, at, left);
                at += left;
            }

            computed += shard.Duration;
            begun = true;
        }

        TimeSpan sums = worker.Compute - computed - gaps;
        sums = sums < worker.Answered - at ? sums : worker.Answered - at;
        if (sums > TimeSpan.Zero)
        {
            yield return new WorkerSlice(SliceKind.Sum, -1, at, sums);
            at += sums;
        }

        if (worker.Answered > at)
        {
            yield return new WorkerSlice(SliceKind.Exchange, -1, at, worker.Answered - at);
            at = worker.Answered;
        }

        if (worker.Waiting > TimeSpan.Zero)
        {
            yield return new WorkerSlice(SliceKind.Waiting, -1, at, worker.Waiting);
        }
    }
}
