namespace DistTrain.Cli.Client;

/// <summary>
/// The clock of a view that is shown a job's history first and then its present. While events arrive that
/// happened long ago, time is theirs: paces and times left come out as they were. Between events it goes on
/// as the real clock does, and it never goes back.
/// </summary>
internal sealed class EventClock(TimeProvider inner) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _first;
    private TimeSpan _ahead;

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>An event happened then, by the coordinator's clock.</summary>
    public void Happened(DateTimeOffset time)
    {
        lock (_lock)
        {
            if (_first is null)
            {
                _first = time - inner.GetElapsedTime(0);
            }

            TimeSpan shown = inner.GetElapsedTime(0) + _ahead;
            TimeSpan due = time - _first.Value;
            _ahead += due > shown ? due - shown : TimeSpan.Zero;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return inner.GetTimestamp() + (long)(_ahead.TotalSeconds * inner.TimestampFrequency);
        }
    }

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => inner.CreateTimer(callback, state, dueTime, period);
}
