using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// Carries out <see cref="NodeAllocation"/>: after every message nodes and jobs are where it says.
/// </summary>
internal sealed class Scheduler(ClusterState state, RunLeases leases, RunLife life, Registration registration)
{
    public void Run(TimeSpan now, List<Effect> effects)
    {
        if (state.IsClosing)
        {
            return;
        }
        NodeId[] idle = [.. Nodes(entry => entry.CanBeGiven)];
        foreach (NodeGrant grant in NodeAllocation.Grant(Demands(), idle, Staying()))
        {
            JobRecord job = state.Jobs.Find(grant.Job)!;
            ActiveRun run = state.Runs.Find(grant.Job) ?? life.Open(job, effects);
            foreach (NodeId node in grant.Nodes)
            {
                Give(run, state.Members.Find(node)!, now, effects);
            }
        }
        NodeId[] coming = [.. Nodes(entry => !entry.IsLeaving && entry.Lease is not { IsHeld: true })];
        foreach (NodeId node in NodeAllocation.Surplus(Demands(), coming, Staying()))
        {
            leases.Withdraw(state.Members.Find(node)!, now, effects);
        }
        Explain(effects);
    }

    /// <summary>Jobs that want nodes: those about to end do not.</summary>
    private JobDemand[] Demands() => [.. from job in state.Jobs.Unfinished
        where job.State is JobState.Queued or JobState.Running
        let run = state.Runs.Find(job.Id)
        where run is not { StopReason: not null }
        select Demand(job, run)];

    private JobDemand Demand(JobRecord job, ActiveRun? run)
    {
        if (run is null)
        {
            return new JobDemand(job.Id, false, [], job.MinWorkers, job.MaxWorkers, new HashSet<NodeId>());
        }
        // Those parted from first come last: not yet working, then the last that joined.
        NodeId[] held = [.. state.Members.Of(run.Id)
            .Where(entry => entry.Lease!.IsHeld)
            .OrderByDescending(entry => entry.Lease!.Phase == LeasePhase.Working)
            .ThenBy(entry => entry.Lease!.Number)
            .Select(entry => entry.Node)];
        HashSet<NodeId> refused = [.. Nodes(run.WasRefusedBy)];
        return new JobDemand(job.Id, true, held, job.MinWorkers, job.MaxWorkers, refused);
    }

    private void Give(ActiveRun run, MemberEntry entry, TimeSpan now, List<Effect> effects)
    {
        if (entry.Released.Contains(run.Id))
        {
            // A release that is late on the old link could end its second part in the run.
            registration.Remove(
                entry, $"it comes back to {run.Id} over a new link", close: true, now, effects);
        }
        else
        {
            leases.Assign(run, entry, now, effects);
        }
    }

    /// <summary>Jobs that stay in the queue say what they wait for.</summary>
    private void Explain(List<Effect> effects)
    {
        foreach (JobRecord job in state.Jobs.Unfinished.Where(job => job.State == JobState.Queued).ToArray())
        {
            string reason = $"waiting for {job.MinWorkers} idle worker{(job.MinWorkers == 1 ? "" : "s")}";
            state.Jobs.Update(job with { Reason = reason }, effects);
        }
    }

    private NodeId[] Staying() => [.. Nodes(entry => !entry.IsLeaving)];

    private IEnumerable<NodeId> Nodes(Func<MemberEntry, bool> which)
        => state.Members.InOrder.Where(which).Select(entry => entry.Node);
}
