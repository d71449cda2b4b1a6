using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Observation;

/// <summary>
/// Ties the steps of one attempt at a run to the calendar. Steps say themselves when they began, on a clock
/// of their own; the first one that is told says where that clock stands, so that they lie beside each other
/// without a gap or an overlap, however late each is told.
/// </summary>
public sealed class StepCalendar
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly long _startedTicks;
    private long? _offset;

    public StepCalendar(TimeProvider time)
        => (_time, _started, _startedTicks) = (time, time.GetTimestamp(), time.GetUtcNow().UtcTicks);

    /// <summary>Now, in ticks of UTC; never backwards.</summary>
    public long Now => _startedTicks + _time.GetElapsedTime(_started).Ticks;

    /// <summary>When a step that has just ended began, in ticks of UTC.</summary>
    public long BeginOf(StepTimes times)
    {
        _offset ??= Now - (times.Begin + times.Elapsed).Ticks;
        return _offset.Value + times.Begin.Ticks;
    }
}
