namespace DistTrain.Core.Coordination.Timing;

/// <summary>
/// Follows one step at a time and says where its time went. One timer serves a whole run, so that a step
/// costs what it hands out and nothing more. Nothing is decided by it.
/// Invariant: its marks never run backwards, so that no part of a step is negative.
/// </summary>
internal sealed class StepTimer
{
    private readonly List<WorkerPart> _parts = [];
    private int _used;
    private TimeSpan _begin;
    private TimeSpan _last;
    private TimeSpan? _computed;
    private TimeSpan? _reduced;

    /// <summary>The first orders of a step are given; what was known of another is forgotten.</summary>
    public void Begin(TimeSpan now)
    {
        _begin = _last = now;
        _computed = _reduced = null;
        _used = 0;
    }

    /// <summary>A subtree that the step rests on is in.</summary>
    /// <param name="worker">Whose it is.</param>
    /// <param name="asked">When the worker was given its first order; null: in an earlier try.</param>
    /// <param name="ready">What it says.</param>
    /// <param name="now">The time.</param>
    public void Delivered(string worker, TimeSpan? asked, SubtreeReady ready, TimeSpan now)
    {
        Mark(now);
        PartOf(worker, asked).Add(ready, _last);
    }

    /// <summary>The last subtree is in.</summary>
    public void Computed(TimeSpan now) => _computed = Mark(now);

    /// <summary>Sum and norm are known.</summary>
    public void Reduced(TimeSpan now) => _reduced = Mark(now);

    /// <summary>The step is committed or skipped.</summary>
    public StepTimes End(TimeSpan now)
    {
        Mark(now);
        TimeSpan computed = _computed ?? _last;
        TimeSpan reduced = _reduced ?? _last;
        _parts.Sort(0, _used, WorkerPart.ByFirstShard);
        var workers = new WorkerTimes[_used];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = _parts[i].Times(_begin, _last);
        }
        return new StepTimes(computed - _begin, reduced - computed, _last - reduced, workers)
        {
            Begin = _begin,
        };
    }

    private TimeSpan Mark(TimeSpan now) => _last = now > _last ? now : _last;

    private WorkerPart PartOf(string worker, TimeSpan? asked)
    {
        for (int i = 0; i < _used; i++)
        {
            if (_parts[i].Worker == worker)
            {
                return _parts[i];
            }
        }
        if (_used == _parts.Count)
        {
            _parts.Add(new WorkerPart());
        }
        WorkerPart part = _parts[_used++];
        TimeSpan ordered = asked ?? _begin;
        part.Begin(worker, ordered < _begin ? _begin : ordered > _last ? _last : ordered);
        return part;
    }
}
