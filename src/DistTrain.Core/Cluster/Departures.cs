using DistTrain.Core.Coordination;

namespace DistTrain.Core.Cluster;

/// <summary>
/// Sees nodes off that are drained or want to go: each finishes what it owes its run, is released, and is told
/// LeaveReply, again and again until its session closes.
/// </summary>
internal sealed class Departures(ClusterState state, RunLeases leases)
{
    public void Begin(MemberEntry entry, TimeSpan now, List<Effect> effects)
    {
        if (!entry.IsLeaving)
        {
            entry.IsLeaving = true;
            state.Drained[entry.Node] = entry.Incarnation;
            effects.Add(new ClusterNotice($"{entry.Node} is leaving"));
        }
        leases.Withdraw(entry, now, effects);
    }

    /// <summary>Lets those go that owe nothing; to be called after every message.</summary>
    public void SeeOff(TimeSpan now, List<Effect> effects)
    {
        foreach (MemberEntry entry in state.Members.InOrder)
        {
            if (entry is { IsLeaving: true, Lease: null }
                && entry.LeaveTold.IsDue(now, state.Timing.HeartbeatEvery))
            {
                effects.Add(new SendToNode(entry.Session, new LeaveReply()));
            }
        }
    }
}
