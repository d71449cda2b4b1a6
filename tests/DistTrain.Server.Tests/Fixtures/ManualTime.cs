namespace DistTrain.Server.Tests.Fixtures;

/// <summary>A clock whose timers go off when the test says so.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new ManualTimer(() => callback(state), period, _timers);
            _timers.Add(timer);
            return timer;
        }
    }

    /// <summary>Lets every timer of this period go off, and gives their number.</summary>
    public int Elapse(TimeSpan period)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            due = [.. _timers.Where(timer => timer.Period == period)];
        }

        foreach (ManualTimer timer in due)
        {
            timer.GoOff();
        }

        return due.Length;
    }

    private sealed class ManualTimer(Action goOff, TimeSpan period, List<ManualTimer> all) : ITimer
    {
        public TimeSpan Period { get; } = period;

        public Action GoOff { get; } = goOff;

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => all.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
