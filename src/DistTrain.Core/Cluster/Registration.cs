using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// Who comes, who is silent and who is gone. A node that has left the list is forgotten at once; should it
/// come back it registers like any other.
/// </summary>
internal sealed class Registration(ClusterState state, RunLeases leases)
{
    /// <summary>The name the coordinator has among the actors of every run.</summary>
    private const string ReservedName = "coordinator";

    private readonly Pace _beat = new();

    /// <summary>Links that we closed, until their end is reported: nobody registers over one.</summary>
    private readonly HashSet<SessionId> _closed = [];
    private long _beats;

    /// <returns>The member that speaks; null when nothing more is to be done with the message.</returns>
    public MemberEntry? Hear(SessionId session, TimeSpan now, List<Effect> effects)
    {
        if (state.Members.Find(session) is not { } entry)
        {
            // We gave this link up, and its other end has not noticed.
            effects.Add(new CloseSession(session, "this node is not registered over this link"));
            return null;
        }
        entry.LastHeard = now;
        entry.HeardWaking = state.Detector.Waking;
        if (entry.IsSuspected)
        {
            entry.IsSuspected = false;
            effects.Add(new ClusterNotice($"{entry.Node} is back"));
        }
        return entry;
    }

    public void Register(SessionId session, RegisterNode registration, TimeSpan now, List<Effect> effects)
    {
        if (Fault(registration) is { } fault)
        {
            effects.Add(new SendToNode(session, new NodeRefused(fault, TryAgain: false)));
            return;
        }
        if (_closed.Contains(session))
        {
            effects.Add(new CloseSession(session, "this link was given up"));
            return;
        }
        MemberEntry? holder = state.Members.Find(registration.Node);
        MemberEntry? speaker = state.Members.Find(session);
        if (speaker is not null && (speaker != holder || holder.Incarnation != registration.Incarnation))
        {
            Remove(speaker, "it registered under two names over one link", close: true, now, effects);
            return;
        }
        if (holder is not null && holder.Incarnation != registration.Incarnation)
        {
            effects.Add(new SendToNode(session, new NodeRefused(
                $"the name {registration.Node} is in use by another worker", TryAgain: true)));
            return;
        }
        if (holder is not null && holder.Session.Number > session.Number)
        {
            effects.Add(new CloseSession(session, $"{registration.Node} has a newer link"));
            return;
        }
        if (speaker is null)
        {
            if (holder is not null)
            {
                Remove(holder, "it came back over a new link", close: true, now, effects);
            }
            Add(new MemberEntry(registration, session), effects);
        }
        Hear(session, now, effects);
        effects.Add(new SendToNode(session, new NodeAccepted(state.Cluster, state.Epoch, state.Timing)));
    }

    public void OnClosed(SessionClosed closed, TimeSpan now, List<Effect> effects)
    {
        _closed.Remove(closed.Session);
        if (state.Members.Find(closed.Session) is { } entry)
        {
            Remove(entry, closed.Reason, close: false, now, effects);
        }
    }

    public void OnSuspected(NodeSuspected suspected, List<Effect> effects)
    {
        if (state.Members.Find(suspected.Node) is { IsSuspected: false } entry)
        {
            Suspect(entry, suspected.Reason, effects);
        }
    }

    /// <summary>Heartbeats out, and a look at who has not been heard.</summary>
    public void Sweep(TimeSpan now, List<Effect> effects)
    {
        bool beat = _beat.IsDue(now, state.Timing.HeartbeatEvery);
        _beats += beat ? 1 : 0;
        foreach (MemberEntry entry in state.Members.InOrder.ToArray())
        {
            Liveness liveness = state.Detector.Judge(entry.HeardWaking);
            if (liveness == Liveness.Gone)
            {
                string reason = $"nothing heard for {state.Timing.RemoveAfter.TotalSeconds:0.###} s";
                Remove(entry, reason, close: true, now, effects);
                continue;
            }
            if (liveness == Liveness.Suspected && !entry.IsSuspected)
            {
                Suspect(
                    entry, $"nothing heard for {state.Timing.SuspectAfter.TotalSeconds:0.###} s", effects);
            }
            if (beat)
            {
                effects.Add(new SendToNode(entry.Session, new Heartbeat(_beats)));
            }
        }
    }

    public void Remove(MemberEntry entry, string reason, bool close, TimeSpan now, List<Effect> effects)
    {
        bool isGood = entry.IsLeaving && entry.Lease is null;
        JobId? job = entry.Lease?.Run.Job;
        if (close)
        {
            _closed.Add(entry.Session);
            effects.Add(new CloseSession(entry.Session, reason));
        }
        leases.OnGone(entry, reason, effects);
        state.Members.Remove(entry);
        state.Departed.Add(new Departed(entry.Node, job, isGood ? null : reason, now));
        effects.Add(new ClusterNotice(isGood
            ? $"{entry.Node} has left"
            : $"{entry.Node} is gone: {reason}"));
    }

    private static void Suspect(MemberEntry entry, string reason, List<Effect> effects)
    {
        entry.IsSuspected = true;
        effects.Add(new ClusterNotice($"{entry.Node} is suspected: {reason}"));
    }

    private void Add(MemberEntry entry, List<Effect> effects)
    {
        state.Members.Add(entry);
        state.Departed.Forget(entry.Node);
        entry.IsLeaving = state.Drained.TryGetValue(entry.Node, out long drained)
            && drained == entry.Incarnation;
        if (!entry.IsLeaving)
        {
            state.Drained.Remove(entry.Node);
        }
        effects.Add(new ClusterNotice(
            $"{entry.Node} joined: {entry.Description.Device}, {entry.Description.Cores} cores, "
            + entry.Description.Engine));
    }

    private static string? Fault(RegisterNode registration) => registration switch
    {
        { Node.Name: null or "" } => "a worker needs a name",
        { Node.Name: ReservedName } => $"the name {ReservedName} is the coordinator's own; choose another",
        { Description.Speed: var speed } when !double.IsFinite(speed) || speed < 0
            => "its measured speed is no number ≥ 0",
        _ => null,
    };
}
