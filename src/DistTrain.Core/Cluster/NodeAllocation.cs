using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>What a job holds and may have.</summary>
/// <param name="Job">Which.</param>
/// <param name="IsOpen">It has a run; otherwise it is queued and holds nothing.</param>
/// <param name="Held">Nodes of its run, in the order it would part from them last to first.</param>
/// <param name="Min">With fewer it waits.</param>
/// <param name="Max">More it does not take.</param>
/// <param name="Refused">Nodes that said they cannot take part in its run.</param>
internal sealed record JobDemand(
    JobId Job, bool IsOpen, IReadOnlyList<NodeId> Held, int Min, int Max, IReadOnlySet<NodeId> Refused)
{
    public bool IsShort => Held.Count < Min;

    public int UsableOf(IEnumerable<NodeId> nodes) => nodes.Count(node => !Refused.Contains(node));

    public bool IsInReach(IEnumerable<NodeId> nodes) => UsableOf(nodes) >= Min;
}

/// <summary>Nodes for a job; where it is queued they are what its run opens with.</summary>
internal sealed record NodeGrant(JobId Job, IReadOnlyList<NodeId> Nodes);

/// <summary>
/// Which job gets which idle node; pure and deterministic. A job is <i>short</i> while it has fewer nodes than
/// its minimum, and <i>out of reach</i> while the whole cluster has.
/// <list type="number">
/// <item>Open jobs that are short come first, in queue order: they hold nodes that stand still.</item>
/// <item>Then all jobs in queue order: an open one takes up to its maximum; a queued one opens with up to its
/// maximum when its minimum is there.</item>
/// <item>A queued job that must wait ends the round: what is idle is kept for it, so that no later job
/// starves it.</item>
/// <item>A job out of reach gets nothing and stands in nobody's way: what it holds goes to a job that can go
/// on with it. Of several open jobs that are short the last give up their nodes to the first.</item>
/// </list>
/// </summary>
internal static class NodeAllocation
{
    /// <param name="jobs">Queued and open ones, in queue order; not those that are about to end.</param>
    /// <param name="idle">Nodes that can be given, in the order they are to be used.</param>
    /// <param name="nodes">Every node of the cluster that stays, idle or not.</param>
    public static IReadOnlyList<NodeGrant> Grant(
        IReadOnlyList<JobDemand> jobs, IReadOnlyList<NodeId> idle, IReadOnlyList<NodeId> nodes)
    {
        List<NodeId> free = [.. idle];
        var grants = jobs.ToDictionary(job => job.Job, _ => new List<NodeId>());
        foreach (JobDemand job in jobs.Where(job => job.IsOpen && job.IsInReach(nodes)))
        {
            Take(job, job.Min);
        }
        foreach (JobDemand job in jobs.Where(job => job.IsInReach(nodes)))
        {
            if (!job.IsOpen && job.UsableOf(free) < job.Min)
            {
                break;
            }
            Take(job, job.Max);
        }
        return [.. jobs.Where(job => grants[job.Job].Count > 0)
            .Select(job => new NodeGrant(job.Job, grants[job.Job]))];

        void Take(JobDemand job, int upTo)
        {
            List<NodeId> given = grants[job.Job];
            int wanted = Math.Max(upTo - job.Held.Count - given.Count, 0);
            NodeId[] taken = [.. free.Where(node => !job.Refused.Contains(node)).Take(wanted)];
            given.AddRange(taken);
            free.RemoveAll(taken.Contains);
        }
    }

    /// <summary>Nodes that open jobs are to part from: beyond their maximum, or for another's good.</summary>
    /// <param name="jobs">As in <see cref="Grant"/>, with every grant made.</param>
    /// <param name="coming">Nodes that are idle or on their way to it.</param>
    /// <param name="nodes">Every node of the cluster that stays.</param>
    public static IReadOnlyList<NodeId> Surplus(
        IReadOnlyList<JobDemand> jobs, IReadOnlyList<NodeId> coming, IReadOnlyList<NodeId> nodes)
    {
        NodeId[] beyond = [.. jobs.SelectMany(job => job.Held.Skip(job.Max))];
        return beyond.Length > 0 ? beyond : Yielded(jobs, coming, nodes);
    }

    private static NodeId[] Yielded(
        IReadOnlyList<JobDemand> jobs, IReadOnlyList<NodeId> coming, IReadOnlyList<NodeId> nodes)
    {
        for (int taker = 0; taker < jobs.Count; taker++)
        {
            JobDemand job = jobs[taker];
            if (!job.IsShort || !job.IsInReach(nodes))
            {
                continue;
            }
            IEnumerable<JobDemand> givers = jobs
                .Where((other, place) => other.IsOpen && other.IsShort && place != taker
                    && (!other.IsInReach(nodes) || (job.IsOpen && place > taker)));
            NodeId[] stuck = [.. givers.Reverse().SelectMany(giver => giver.Held.Reverse())
                .Where(node => !job.Refused.Contains(node))];
            int missing = job.Min - job.Held.Count - job.UsableOf(coming);
            if (missing <= stuck.Length)
            {
                return [.. stuck.Take(Math.Max(missing, 0))];
            }
        }
        return [];
    }
}
