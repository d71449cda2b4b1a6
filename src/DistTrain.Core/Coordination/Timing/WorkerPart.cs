using DistTrain.Core.Engine;

namespace DistTrain.Core.Coordination.Timing;

/// <summary>
/// What one worker delivered of the step at hand, and what it says of its own time. The worker's clock
/// is another's: only differences on it mean anything, and even they are bounded by what was seen here.
/// <code>
///   here    ordered │◄── half ──►│                                 │◄── half ──►│ answered
///   worker                       │ shard │ │ shard │ sum │ shard   │
///                                └────── its span ─────────────────┘
/// </code>
/// </summary>
internal sealed class WorkerPart
{
    private readonly List<ShardTimes> _shards = [];
    private TimeSpan _ordered;
    private TimeSpan _answered;
    private TimeSpan _summing;
    private int _firstShard;

    /// <summary>The order of the workers of a step.</summary>
    public static IComparer<WorkerPart> ByFirstShard { get; }
        = Comparer<WorkerPart>.Create((a, b) => a._firstShard.CompareTo(b._firstShard));

    public string Worker { get; private set; } = "";

    /// <summary>Forgets what it held.</summary>
    /// <param name="worker">Whose part it is from now on.</param>
    /// <param name="ordered">When its first order was given.</param>
    public void Begin(string worker, TimeSpan ordered)
    {
        Worker = worker;
        _ordered = _answered = ordered;
        _summing = TimeSpan.Zero;
        _firstShard = int.MaxValue;
        _shards.Clear();
    }

    /// <summary>Takes a subtree in.</summary>
    /// <param name="ready">What the worker says.</param>
    /// <param name="now">Not before it was ordered, nor before the last one.</param>
    public void Add(SubtreeReady ready, TimeSpan now)
    {
        _answered = now;
        _firstShard = Math.Min(_firstShard, ready.Node.Start);
        _summing += NotNegative(ready.Summing);
        for (int i = 0; i < ready.Shards.Count; i++)
        {
            ShardTiming timing = ready.Shards[i].Timing;
            if (timing != default)
            {
                _shards.Add(new ShardTimes(
                    ready.Node.Start + i, NotNegative(timing.Start), NotNegative(timing.Duration)));
            }
        }
    }

    /// <summary>
    /// Its part in a step that lasted from <paramref name="begin"/> to <paramref name="end"/>.
    /// </summary>
    public WorkerTimes Times(TimeSpan begin, TimeSpan end)
    {
        _shards.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        TimeSpan busy = _summing, last = TimeSpan.Zero;
        foreach (ShardTimes shard in _shards)
        {
            busy += shard.Duration;
            last = Max(last, shard.Start + shard.Duration);
        }
        TimeSpan room = _answered - _ordered;
        TimeSpan first = _shards.Count > 0 ? _shards[0].Start : TimeSpan.Zero;
        TimeSpan around = NotNegative(room - Max(busy, last - first));
        TimeSpan compute = Min(busy, room);
        return new WorkerTimes(
            Worker, _ordered - begin, _answered - begin, compute, room - compute, end - _answered,
            Placed(_ordered - begin + around / 2 - first, _answered - begin));
    }

    /// <summary>
    /// The shards, moved by <paramref name="shift"/>, as far as they lie before the answer.
    /// </summary>
    private ShardTimes[] Placed(TimeSpan shift, TimeSpan answered)
    {
        var placed = new ShardTimes[_shards.Count];
        for (int i = 0; i < placed.Length; i++)
        {
            ShardTimes shard = _shards[i];
            TimeSpan start = Min(shard.Start + shift, answered);
            placed[i] = new ShardTimes(shard.Shard, start, Min(shard.Duration, answered - start));
        }
        return placed;
    }

    private static TimeSpan NotNegative(TimeSpan time) => Max(time, TimeSpan.Zero);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
