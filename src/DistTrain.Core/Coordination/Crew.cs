using DistTrain.Core.Coordination.Pace;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The workers of a run and what they are busy with: who comes, who goes, who has to be asked again.
/// <code>
///   joined ──► staying ──WorkerLeaving──► leaving ──owes nothing──► released
///                 └────────── lost ◄─────────┘     (what it owes goes to others)
/// </code>
/// A worker that comes in the middle of a piece of work gets its part from the next one on.
/// </summary>
internal sealed class Crew(TrainingPlan plan, Quorum quorum)
{
    private readonly WorkerRoster _roster = new();
    private readonly PaceBook _paces = new(plan);
    private WorkDivision? _work;

    /// <summary>Whether a run that waits can begin, or go on.</summary>
    public bool CanBegin => quorum.CanBegin(_roster);

    public bool Contains(ActorId worker) => _roster.Find(worker) is not null;

    public IEnumerable<ActorId> Everyone => _roster.Workers.Select(worker => worker.Id);

    /// <summary>Whether work can be divided now; says so when it has to wait and when it goes on.</summary>
    public bool HasQuorum(List<Effect> effects) => quorum.Allows(_roster, effects);

    /// <summary>Asks everyone who stays for a part of a step.</summary>
    public void Begin(OpenStep step, TimeSpan now, List<Effect> effects)
    {
        _work = step.Work;
        _work.Start(_roster, _paces.SharesOf(_roster), step.IsFull, now, effects);
    }

    /// <summary>Asks everyone who stays for a part of an evaluation.</summary>
    public void Begin(OpenEvaluation evaluation, TimeSpan now, List<Effect> effects)
    {
        _work = evaluation.Work;
        ShardRange[] shares = WorkerRoster.Divide(plan.ChunksOf(evaluation.Split), _roster.Staying);
        _work.Start(_roster, shares, measured: true, now, effects);
    }

    /// <summary>The work in hand is given up, or done.</summary>
    public void EndWork() => _work = null;

    /// <summary>The worker that sent something, if it has a part in the work in hand.</summary>
    public RosterEntry? Heard(ActorId worker, TimeSpan now)
    {
        RosterEntry? entry = _roster.Find(worker);
        if (entry is not { TakesPart: true })
        {
            return null;
        }
        entry.Heard(now);
        return entry;
    }

    /// <summary>To be told when a step has been committed.</summary>
    /// <param name="next">The step that follows.</param>
    /// <param name="now">The time.</param>
    /// <param name="effects">Receives what is to be said of the workers.</param>
    public void AfterStep(long next, TimeSpan now, List<Effect> effects)
        => _paces.AfterStep(_roster, next, now, effects);

    /// <summary>Handles what is said about workers, and the passing of time.</summary>
    /// <returns>False: nobody is left to finish the work in hand; it has to start afresh.</returns>
    public bool Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        switch (message)
        {
            case WorkerJoined joined:
                _roster.Add(joined.Worker, joined.Speed);
                return true;
            case WorkerLost lost when _roster.Find(lost.Worker) is { } worker:
                effects.Add(new Notice($"{lost.Worker} is lost: {lost.Reason}"));
                return OnLost(worker, now, effects);
            case WorkerLeaving leaving when _roster.Find(leaving.Worker) is { } worker:
                _roster.MarkLeaving(worker);
                quorum.ExpectOneLess();
                ReleaseIdle(effects);
                return true;
            case WorkerLeaving leaving:
                // Whoever is not here owes nothing.
                effects.Add(new WorkerReleased(leaving.Worker));
                return true;
            case RunTick:
                _work?.RepeatUnanswered(_roster, now, effects);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Lets go of those that are leaving and owe nothing any more.</summary>
    public void ReleaseIdle(List<Effect> effects)
    {
        if (!_roster.HasLeaving)
        {
            return;
        }
        foreach (RosterEntry worker in _roster.Workers.ToArray())
        {
            if (worker.IsLeaving && worker.Owed == 0)
            {
                _roster.Remove(worker);
                effects.Add(new WorkerReleased(worker.Id));
            }
        }
    }

    private bool OnLost(RosterEntry lost, TimeSpan now, List<Effect> effects)
    {
        _roster.Remove(lost);
        quorum.ExpectOneLess();
        if (_work is not { IsComplete: false } || _work.Reassign(lost, _roster, now, effects))
        {
            return true;
        }
        EndWork();
        foreach (RosterEntry remaining in _roster.Workers)
        {
            remaining.EndWork();
        }
        ReleaseIdle(effects);
        return false;
    }
}
