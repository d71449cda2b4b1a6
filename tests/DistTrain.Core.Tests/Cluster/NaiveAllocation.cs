using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>The rules of NodeAllocation read aloud: one node after the other, asking each time.</summary>
internal static class NaiveAllocation
{
    public static Dictionary<JobId, List<NodeId>> Grant(
        IReadOnlyList<JobDemand> jobs, IReadOnlyList<NodeId> idle, IReadOnlyList<NodeId> nodes)
    {
        var given = jobs.ToDictionary(job => job.Job, _ => new List<NodeId>());
        List<NodeId> free = [.. idle];
        JobDemand[] able =
            [.. jobs.Where(job => nodes.Count(node => !job.Refused.Contains(node)) >= job.Min)];
        while (NextFor(able.FirstOrDefault(job => job.IsOpen && Has(job) < job.Min && Usable(job).Any())))
        {
        }
        foreach (JobDemand job in able)
        {
            bool mayBegin = job.IsOpen || Usable(job).Count() >= job.Min;
            if (!mayBegin)
            {
                break;
            }
            while (Has(job) < job.Max && NextFor(Usable(job).Any() ? job : null))
            {
            }
        }
        return given;

        int Has(JobDemand job) => job.Held.Count + given[job.Job].Count;

        IEnumerable<NodeId> Usable(JobDemand job) => free.Where(node => !job.Refused.Contains(node));

        bool NextFor(JobDemand? job)
        {
            if (job is null)
            {
                return false;
            }
            NodeId node = Usable(job).First();
            free.Remove(node);
            given[job.Job].Add(node);
            return true;
        }
    }
}
