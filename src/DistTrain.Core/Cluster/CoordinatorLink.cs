using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// A worker node's link to its coordinator: opened, registered over, watched, opened again.
/// <code>
///   Waiting ─time─► Opening ─LinkOpened─► Registering ─NodeAccepted─► Accepted
///     ▲                │ failed               │ refused for now          │ lost, silent, given up
///     └────────────────┴──────────────────────┴──────────────────────────┘
/// </code>
/// </summary>
internal sealed class CoordinatorLink(RegisterNode registration)
{
    /// <summary>A link that has held this long was a good one: the next loss is a first one again.</summary>
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(10);

    private readonly FailureDetector _detector = new(new FailureDetectorOptions());
    private readonly Backoff _backoff = new(registration.Incarnation);
    private readonly Pace _asked = new();
    private readonly Pace _beat = new();
    private Phase _phase = Phase.Waiting;
    private (string Cluster, long Epoch)? _obeyed;
    private TimeSpan _retryAt;
    private TimeSpan _acceptedAt;
    private TimeSpan _heard;
    private long _beats;

    private enum Phase { Waiting, Opening, Registering, Accepted }

    public bool IsOpening => _phase == Phase.Opening;

    public bool IsRegistering => _phase == Phase.Registering;

    public bool IsAccepted => _phase == Phase.Accepted;

    public bool IsThere => IsRegistering || IsAccepted;

    /// <summary>The coordinator has said nothing for longer than silence is borne.</summary>
    public bool IsSilent => IsThere && _detector.Judge(_heard) == Liveness.Gone;

    /// <summary>How often what was not answered is said again.</summary>
    public TimeSpan Period => _detector.Options.HeartbeatEvery;

    /// <summary>To be called first whenever the machine is.</summary>
    public void Observe(TimeSpan now) => _detector.Observe(now);

    public void Open(List<Effect> effects)
    {
        _phase = Phase.Opening;
        effects.Add(new OpenLink());
    }

    public void OnOpened(TimeSpan now, List<Effect> effects)
    {
        _phase = Phase.Registering;
        Hear();
        Register(now, effects);
    }

    /// <summary>Something came from the coordinator.</summary>
    public void Hear() => _heard = _detector.Waking;

    /// <param name="accepted">What the coordinator says of itself.</param>
    /// <param name="isBusy">A worker of an earlier link is still here.</param>
    /// <param name="now">The time.</param>
    /// <returns>Why this coordinator is not obeyed; null: it is.</returns>
    public string? Accept(NodeAccepted accepted, bool isBusy, TimeSpan now)
    {
        if (_obeyed is { } obeyed)
        {
            bool isStranger = obeyed.Cluster != accepted.Cluster;
            if (isStranger && isBusy)
            {
                return "this is another cluster, and a worker for the last one is still here";
            }
            if (!isStranger && accepted.Epoch < obeyed.Epoch)
            {
                return $"the coordinator of epoch {accepted.Epoch} has a successor";
            }
        }
        _obeyed = (accepted.Cluster, accepted.Epoch);
        _detector.Options = accepted.Detector;
        if (IsRegistering)
        {
            (_phase, _acceptedAt) = (Phase.Accepted, now);
        }
        return null;
    }

    /// <summary>Tries again, registers again, beats: whatever it is time for.</summary>
    public void OnTick(TimeSpan now, List<Effect> effects)
    {
        if (_phase == Phase.Waiting && now >= _retryAt)
        {
            Open(effects);
        }
        else if (IsRegistering && _asked.IsDue(now, Period))
        {
            Register(now, effects);
        }
        else if (IsAccepted && _beat.IsDue(now, Period))
        {
            effects.Add(new SendToCoordinator(new Heartbeat(++_beats)));
        }
        if (IsAccepted && now - _acceptedAt > Proven)
        {
            _backoff.Reset();
        }
    }

    /// <summary>The link is not there, and is opened again after a while.</summary>
    public void Retry(TimeSpan now)
    {
        _phase = Phase.Waiting;
        _retryAt = now + _backoff.Next();
    }

    private void Register(TimeSpan now, List<Effect> effects)
    {
        _asked.Done(now);
        effects.Add(new SendToCoordinator(registration));
    }
}
