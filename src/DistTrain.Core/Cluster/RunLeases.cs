using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// Lends nodes to runs and takes them back, phase by phase of <see cref="LeasePhase"/>.
/// <code>
///   Assigned ─run opens─► Preparing ─RunPrepared─► Working ─scale, drain─► Leaving
///      │                      │ refused: idle         │ run ends             │ the run lets go, or ends
///      └─► idle               └──── withdrawn ────────┴──► Releasing ◄───────┘
///                                                              └─RunReleased, or its session is gone─► idle
/// </code>
/// </summary>
internal sealed class RunLeases(ClusterState state)
{
    private long _leases;

    public void Assign(ActiveRun run, MemberEntry entry, TimeSpan now, List<Effect> effects)
    {
        entry.Lease = new NodeLease(run.Id, ++_leases);
        if (run.Opened is not null)
        {
            Prepare(run, entry, entry.Lease, now, effects);
        }
    }

    public void PrepareAll(ActiveRun run, TimeSpan now, List<Effect> effects)
    {
        foreach (MemberEntry entry in state.Members.Of(run.Id).Where(IsIn(LeasePhase.Assigned)))
        {
            Prepare(run, entry, entry.Lease!, now, effects);
        }
    }

    /// <summary>Takes a node back from a run that goes on.</summary>
    public void Withdraw(MemberEntry entry, TimeSpan now, List<Effect> effects)
    {
        if (entry.Lease is not { } lease)
        {
            return;
        }
        switch (lease.Phase)
        {
            case LeasePhase.Assigned:
                entry.Lease = null;
                break;
            case LeasePhase.Preparing:
                Release(entry, lease, now, effects);
                break;
            case LeasePhase.Working:
                lease.Phase = LeasePhase.Leaving;
                effects.Add(new TellRun(lease.Run, new WorkerLeaving(entry.Node.Actor)));
                break;
            default:
                break;
        }
    }

    /// <summary>A run that is to end gets no more workers; those it has finish the step.</summary>
    public void WithdrawUnprepared(ActiveRun run, TimeSpan now, List<Effect> effects)
    {
        foreach (MemberEntry entry in state.Members.Of(run.Id)
            .Where(entry => entry.Lease!.Phase is LeasePhase.Assigned or LeasePhase.Preparing))
        {
            Withdraw(entry, now, effects);
        }
    }

    /// <summary>The run has ended: whoever was told of it is to be released.</summary>
    public void ReleaseAll(ActiveRun run, TimeSpan now, List<Effect> effects)
    {
        foreach (MemberEntry entry in state.Members.Of(run.Id))
        {
            if (entry.Lease!.Phase == LeasePhase.Assigned)
            {
                entry.Lease = null;
            }
            else if (entry.Lease.Phase != LeasePhase.Releasing)
            {
                Release(entry, entry.Lease, now, effects);
            }
        }
        foreach (MemberEntry entry in state.Members.InOrder)
        {
            entry.Released.Remove(run.Id);
        }
    }

    /// <summary>The run's coordinator machine has let go of a worker that was leaving.</summary>
    public void OnLetGo(RunReleasedWorker released, TimeSpan now, List<Effect> effects)
    {
        if (state.Members.Find(released.Node) is { Lease: { Phase: LeasePhase.Leaving } lease } entry
            && lease.Run == released.Run)
        {
            state.Runs.Find(released.Run)?.Speeds.Remove(entry.Node);
            Release(entry, lease, now, effects);
        }
    }

    /// <summary>A node is gone and with it what it did for a run.</summary>
    public void OnGone(MemberEntry entry, string reason, List<Effect> effects)
    {
        if (entry.Lease is not { } lease || state.Runs.Find(lease.Run) is not { } run)
        {
            return;
        }
        run.Speeds.Remove(entry.Node);
        if (lease.IsKnownToRun)
        {
            effects.Add(new TellRun(run.Id, new WorkerLost(entry.Node.Actor, reason)));
            if (run is { StopReason: { } stop, Speeds.Count: 0 })
            {
                // It may have been finishing a step, and nobody is left to do that: it is to save what it has.
                effects.Add(new TellRun(run.Id, new StopRequested(stop)));
            }
        }
    }

    /// <summary>Messages may be lost: what was not answered within a heartbeat's period is sent again.</summary>
    public void Repeat(TimeSpan now, List<Effect> effects)
    {
        foreach (MemberEntry entry in state.Members.InOrder)
        {
            if (entry.Lease is not { Phase: LeasePhase.Preparing or LeasePhase.Releasing } lease
                || !lease.Asked.IsDue(now, state.Timing.HeartbeatEvery))
            {
                continue;
            }
            effects.Add(new SendToNode(entry.Session, lease.Phase == LeasePhase.Releasing
                ? new ReleaseRun(lease.Run)
                : Order(state.Runs.Find(lease.Run)!)));
        }
    }

    private static Func<MemberEntry, bool> IsIn(LeasePhase phase) => entry => entry.Lease!.Phase == phase;

    private static PrepareRun Order(ActiveRun run)
        => new(run.Id, run.Opened!.JobJson, run.Opened.Inputs);

    private static void Prepare(
        ActiveRun run, MemberEntry entry, NodeLease lease, TimeSpan now, List<Effect> effects)
    {
        lease.Phase = LeasePhase.Preparing;
        lease.Asked.Done(now);
        effects.Add(new SendToNode(entry.Session, Order(run)));
    }

    private static void Release(MemberEntry entry, NodeLease lease, TimeSpan now, List<Effect> effects)
    {
        lease.Phase = LeasePhase.Releasing;
        lease.Asked.Done(now);
        effects.Add(new SendToNode(entry.Session, new ReleaseRun(lease.Run)));
    }
}
