namespace DistTrain.Cli.Tests.Terminal;

/// <summary>A clock that stands still until it is moved, and timers that fire only then.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves the clock and fires every live timer once.</summary>
    public void Advance(TimeSpan by)
    {
        _now += by.Ticks;
        _timers.FindAll(timer => timer.Live).ForEach(timer => timer.Fire());
    }

    private sealed class ManualTimer(Action fire) : ITimer
    {
        public bool Live { get; private set; } = true;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => Live;

        public void Dispose() => Live = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
