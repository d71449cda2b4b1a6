using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;

namespace DistTrain.Runtime.Training;

/// <summary>
/// When a worker did what it was ordered to, on its own clock, counted from its first order for the step.
/// Used on the worker's thread alone. What it says is shown and never acted on.
/// </summary>
internal sealed class WorkClock(TimeProvider time)
{
    private long _step = -1;
    private long _ordered;
    private TimeSpan _summing;

    /// <summary>A reading for <see cref="Since"/> and <see cref="Added"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>An order has come; only a step's first one counts.</summary>
    public void Ordered(long step)
    {
        if (step > _step)
        {
            _step = step;
            _ordered = Now;
            _summing = TimeSpan.Zero;
        }
    }

    /// <summary>The times of a shard that was begun then and is done now.</summary>
    public ShardTiming Since(long begun)
        => new(time.GetElapsedTime(_ordered, begun), time.GetElapsedTime(begun));

    /// <summary>An addition that was begun then is done now.</summary>
    public void Added(long begun) => _summing += time.GetElapsedTime(begun);

    /// <summary>
    /// The announcement with all additions since the last one, which are those of its subtree.
    /// </summary>
    public SubtreeReady Stamp(SubtreeReady ready)
    {
        if (_summing == TimeSpan.Zero)
        {
            return ready;
        }
        SubtreeReady stamped = ready with { Summing = _summing };
        _summing = TimeSpan.Zero;
        return stamped;
    }
}
