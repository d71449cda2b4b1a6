namespace DistTrain.Core.Membership;

/// <summary>What silence says about a peer.</summary>
public enum Liveness { Alive, Suspected, Gone }

/// <summary>
/// Tells silence from slowness, and the silence of a peer from a stall of our own. It reckons in <i>waking
/// time</i>: the machine is called about four times in a heartbeat's period, so when two calls lie more than
/// two periods apart it was this process that stood still (stopped, swapped out, a laptop that slept), and
/// what peers said meanwhile waits unread. The gap, all but one period of it, is then left out of every
/// peer's silence.
/// </summary>
public sealed class FailureDetector(FailureDetectorOptions options)
{
    private TimeSpan? _lastCall;
    private TimeSpan _forgiven;

    public FailureDetectorOptions Options { get; set; } = options;

    /// <summary>To be called first whenever the machine is, with a time that never goes back.</summary>
    /// <returns>Waking time; only differences mean anything.</returns>
    public TimeSpan Observe(TimeSpan now)
    {
        TimeSpan gap = now - (_lastCall ?? now);
        if (gap > 2 * Options.HeartbeatEvery)
        {
            _forgiven += gap - Options.HeartbeatEvery;
        }
        _lastCall = now;
        Waking = now - _forgiven;
        return Waking;
    }

    /// <summary>As of the last call of <see cref="Observe"/>.</summary>
    public TimeSpan Waking { get; private set; }

    /// <param name="heard">Waking time of the peer's last sign of life.</param>
    public Liveness Judge(TimeSpan heard)
    {
        TimeSpan silence = Waking - heard;
        return silence > Options.RemoveAfter ? Liveness.Gone
            : silence > Options.SuspectAfter ? Liveness.Suspected
            : Liveness.Alive;
    }
}
