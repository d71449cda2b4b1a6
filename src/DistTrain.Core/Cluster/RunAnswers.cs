using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// What nodes say about their part in runs. What does not fit the phase of the node's lease is late or
/// doubled and changes nothing; what a node that keeps to the protocol cannot say is told to the caller.
/// </summary>
internal sealed class RunAnswers(ClusterState state)
{
    public void OnPrepared(MemberEntry entry, RunPrepared prepared, List<Effect> effects)
    {
        if (entry.Lease is not { } lease || lease.Run != prepared.Run)
        {
            // It holds data and a replica for a run that is not its own any more.
            effects.Add(new SendToNode(entry.Session, new ReleaseRun(prepared.Run)));
        }
        else if (lease.Phase == LeasePhase.Preparing)
        {
            lease.Phase = LeasePhase.Working;
            ActiveRun run = state.Runs.Find(lease.Run)!;
            double speed = SpeedClass.Of(entry.Description.Speed, run.Speeds.Values);
            run.Speeds[entry.Node] = speed;
            Explain(run, null, effects);
            effects.Add(new TellRun(run.Id, new WorkerJoined(entry.Node.Actor, speed)));
        }
    }

    /// <returns>How the node broke the protocol; null: it did not.</returns>
    public string? OnRefused(MemberEntry entry, RunRefused refused, List<Effect> effects)
    {
        if (entry.Lease is not { } lease || lease.Run != refused.Run || lease.Phase == LeasePhase.Releasing)
        {
            return null;
        }
        if (lease.Phase != LeasePhase.Preparing)
        {
            return $"it refuses {refused.Run}, in which it takes part";
        }
        entry.Lease = null;
        ActiveRun run = state.Runs.Find(lease.Run)!;
        run.NoteRefusal(entry, refused.Reason);
        string text = $"{entry.Node} cannot take part: {refused.Reason}";
        if (run.Speeds.Count == 0)
        {
            Explain(run, text, effects);
        }
        effects.Add(new ClusterNotice(text, run.Id.Job));
        return null;
    }

    /// <returns>How the node broke the protocol; null: it did not.</returns>
    public string? OnReleased(MemberEntry entry, RunReleased released)
    {
        if (entry.Lease is not { } lease || lease.Run != released.Run)
        {
            return null;
        }
        if (lease.Phase != LeasePhase.Releasing)
        {
            return $"it left {released.Run} without being released";
        }
        entry.Lease = null;
        if (state.Runs.Find(released.Run) is not null)
        {
            entry.Released.Add(released.Run);
        }
        return null;
    }

    private void Explain(ActiveRun run, string? reason, List<Effect> effects)
    {
        if (state.Jobs.Find(run.Id.Job) is { State: JobState.Running } job)
        {
            state.Jobs.Update(job with { Reason = reason }, effects);
        }
    }
}
