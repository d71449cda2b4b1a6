using DistTrain.Core.Coordination;

namespace DistTrain.Core.Cluster;

/// <summary>
/// The jobs by order of submission. Whatever changes here is written to disk before anything acts on it: the
/// effect that persists a record comes before those that follow from it.
/// </summary>
internal sealed class JobQueue
{
    private readonly SortedList<long, JobRecord> _byOrder = [];
    private readonly Dictionary<JobId, long> _orders = [];

    public JobQueue(IEnumerable<JobRecord> jobs)
    {
        foreach (JobRecord job in jobs)
        {
            Set(job);
        }
    }

    public IReadOnlyList<JobRecord> All => [.. _byOrder.Values];

    public IEnumerable<JobRecord> Unfinished => _byOrder.Values.Where(job => !job.IsFinished);

    public JobRecord? Find(JobId job) => _orders.TryGetValue(job, out long order) ? _byOrder[order] : null;

    /// <summary>A new job goes to the end.</summary>
    public void Append(JobRecord job, List<Effect> effects)
    {
        long order = _byOrder.Count == 0 ? 1 : _byOrder.GetKeyAtIndex(_byOrder.Count - 1) + 1;
        Update(job with { Order = order, State = JobState.Queued, Attempt = 0, Reason = null }, effects);
    }

    public void Update(JobRecord job, List<Effect> effects)
    {
        if (Find(job.Id) != job)
        {
            Set(job);
            effects.Add(new PersistJob(job));
        }
    }

    private void Set(JobRecord job)
    {
        _byOrder[job.Order] = job;
        _orders[job.Id] = job.Order;
    }
}
