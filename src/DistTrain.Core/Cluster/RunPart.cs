using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Cluster;

/// <summary>
/// A node's part in runs: what the coordinator orders over the present link, done by the
/// <see cref="WorkerSlot"/>. Over one link a run is prepared once and ended once, so that whatever is late or
/// doubled is recognised; a new link begins afresh, once the old worker is gone.
/// </summary>
internal sealed class RunPart
{
    /// <summary>A worker that ends by itself this often in one run is not tried again in it.</summary>
    private const int MostDeaths = 3;

    private readonly WorkerSlot _slot = new();
    private readonly Dictionary<JobId, (long Attempt, string? Refusal)> _ended = [];
    private readonly HashSet<RunId> _releaseAsked = [];
    private (RunId? Run, int Count) _deaths;

    /// <summary>The run whose worker actor lives here and may be spoken to.</summary>
    public RunId? ActiveRun => _slot.IsReady ? _slot.Run : null;

    /// <summary>No worker is here, coming or going.</summary>
    public bool IsEmpty => _slot.IsEmpty;

    public void OnPrepare(PrepareRun order, List<Effect> effects)
    {
        if (_ended.TryGetValue(order.Run.Job, out (long Attempt, string? Refusal) ended)
            && order.Run.Attempt <= ended.Attempt)
        {
            if (order.Run.Attempt == ended.Attempt && ended.Refusal is { } refusal)
            {
                Say(new RunRefused(order.Run, refusal), effects);
            }
        }
        else if (IsOlder(order.Run, _slot.Run) || IsOlder(order.Run, _slot.NextRun))
        {
            // A later attempt at the job is under way: this one is over.
        }
        else if (_deaths.Run == order.Run && _deaths.Count >= MostDeaths)
        {
            Refuse(order.Run, $"its worker ended by itself {MostDeaths} times in this run", effects);
        }
        else if (_slot.IsReady && _slot.Run == order.Run)
        {
            Say(new RunPrepared(order.Run), effects);
        }
        else
        {
            _slot.Prepare(order, effects);
        }
    }

    public void OnRelease(RunId run, List<Effect> effects)
    {
        if (!_ended.TryGetValue(run.Job, out (long Attempt, string? Refusal) ended) || ended.Attempt < run.Attempt)
        {
            _ended[run.Job] = (run.Attempt, null);
        }
        if (_slot.Run == run)
        {
            _slot.Stop(effects);
            _releaseAsked.Add(run);
            return;
        }
        if (_slot.NextRun == run)
        {
            _slot.Stop(effects);
        }
        Say(new RunReleased(run), effects);
    }

    public void OnPrepared(RunPreparationEnded ended, List<Effect> effects)
    {
        if (!_slot.OnPrepared(ended))
        {
            return;
        }
        if (ended.Error is { } error)
        {
            Refuse(ended.Run, error, effects);
        }
        else
        {
            Say(new RunPrepared(ended.Run), effects);
        }
    }

    /// <returns>False: nobody had asked it to stop; its thread has ended by a fault.</returns>
    public bool OnStopped(RunId run, List<Effect> effects)
    {
        if (_slot.OnStopped(run, effects))
        {
            if (_releaseAsked.Remove(run))
            {
                Say(new RunReleased(run), effects);
            }
            return true;
        }
        if (_slot.Run != run)
        {
            return true;
        }
        _deaths = (run, _deaths.Run == run ? _deaths.Count + 1 : 1);
        return false;
    }

    /// <summary>The link is gone: the worker must not go on for a coordinator that has given it up.</summary>
    public void OnLinkGone(List<Effect> effects)
    {
        _ended.Clear();
        _releaseAsked.Clear();
        _slot.Stop(effects);
    }

    private void Refuse(RunId run, string reason, List<Effect> effects)
    {
        _ended[run.Job] = (run.Attempt, reason);
        Say(new RunRefused(run, reason), effects);
    }

    private static bool IsOlder(RunId run, RunId? other)
        => other is { } present && run.Job == present.Job && run.Attempt < present.Attempt;

    private static void Say(IMessage message, List<Effect> effects) => effects.Add(new SendToCoordinator(message));
}
