namespace DistTrain.Core.Tests.Simulation.Virtual;

/// <summary>
/// One process from its start to its end: what is posted to it happens while it lives, and late when it was
/// stopped in between. Its clock may stand still, and never goes back.
/// </summary>
internal abstract class Process(World world, string name)
{
    /// <summary>
    /// The machines want to be told about four times in a heartbeat's period; half of it will do.
    /// </summary>
    protected static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(240);

    private readonly Queue<Action> _backlog = new();
    private TimeSpan _lag;
    private TimeSpan? _stalledAt;

    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    public bool IsStopped { get; private set; }

    /// <summary>How many times as long as usual everything takes here.</summary>
    public double Slowness { get; set; } = 1;

    protected World World => world;

    protected TimeSpan Clock => (_stalledAt ?? world.Now) - _lag;

    /// <summary>Something that happens in this process after a while.</summary>
    public void Post(TimeSpan delay, Action action) => world.After(delay * Slowness, () => Run(action));

    /// <summary>Something that reaches this process from outside now.</summary>
    public void Run(Action action)
    {
        if (!IsAlive)
        {
            return;
        }
        if (IsStopped)
        {
            _backlog.Enqueue(action);
            return;
        }
        action();
    }

    /// <summary>As SIGSTOP does.</summary>
    public void Stop() => IsStopped = true;

    public void Continue()
    {
        IsStopped = false;
        while (IsAlive && !IsStopped && _backlog.TryDequeue(out Action? action))
        {
            action();
        }
    }

    public void StallClock() => _stalledAt ??= world.Now;

    public void FreeClock()
    {
        if (_stalledAt is { } stalled)
        {
            _lag += world.Now - stalled;
            _stalledAt = null;
        }
    }

    /// <summary>The end, whether it comes from inside or outside. Memory is gone.</summary>
    public void Kill(bool silently)
    {
        if (IsAlive)
        {
            IsAlive = false;
            world.Note(name, silently ? "loses power" : "dies");
            OnKilled(silently);
        }
    }

    protected abstract void OnKilled(bool silently);
}
