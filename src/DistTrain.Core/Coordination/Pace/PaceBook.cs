using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination.Pace;

/// <summary>
/// How the shards of a step are divided among the workers, which of them are slow, and what is said of it.
/// The division stands until membership changes or another one is predicted to be clearly faster
/// (<see cref="SpeedPolicy"/>), so a step usually costs nothing here.
/// </summary>
internal sealed class PaceBook(TrainingPlan plan)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);
    private ShardRange[] _shares = [];
    private int _membership = -1;
    private int _steps;
    private int _batch = plan.FullBatchOf(0);
    private bool _changed;
    private TimeSpan? _reportedAt;

    /// <summary>The ranges of those who stay, in their order.</summary>
    public IReadOnlyList<ShardRange> SharesOf(WorkerRoster roster)
    {
        if (_membership != roster.Changes)
        {
            _membership = roster.Changes;
            Take(WorkerRoster.Divide(plan.Shards, roster.Staying));
        }
        return _shares;
    }

    /// <summary>To be told when a step has been committed; the next one's batch may be another.</summary>
    public void AfterStep(WorkerRoster roster, long next, TimeSpan now, List<Effect> effects)
    {
        _batch = plan.FullBatchOf(next);
        if (_membership != roster.Changes)
        {
            return;
        }
        if (++_steps % SpeedPolicy.LookEverySteps == 0)
        {
            NameSlow(roster.Staying, now, effects);
            Redivide(roster.Staying);
        }
        if (_changed || _reportedAt is null || now - _reportedAt >= ReportEvery)
        {
            _changed = false;
            _reportedAt = now;
            effects.Add(new ReportWorkers([.. roster.Staying.Select(PaceOf)]));
        }
    }

    private void Take(ShardRange[] shares)
    {
        _shares = shares;
        _steps = 0;
        _changed = true;
    }

    private void Redivide(IReadOnlyList<RosterEntry> workers)
    {
        for (int i = 0; i < workers.Count; i++)
        {
            if (_shares[i].IsEmpty)
            {
                workers[i].Pace.Fade();
            }
        }
        double[] speeds = WorkerRoster.SpeedsOf(workers);
        ShardRange[] better = ShardAssignment.Assign(plan.Shards, speeds);
        if (SpeedPolicy.IsWorthwhile(_shares, better, speeds))
        {
            Take(better);
        }
    }

    private void NameSlow(IReadOnlyList<RosterEntry> workers, TimeSpan now, List<Effect> effects)
    {
        TimeSpan[] times = [.. workers.Select(StepTime)];
        for (int i = 0; i < times.Length; i++)
        {
            RosterEntry worker = workers[i];
            TimeSpan others = MedianWithout(times, i);
            bool slow = SlownessPolicy.IsSlow(worker.IsSlow, times[i], others);
            _changed |= slow != worker.IsSlow;
            if (slow && !worker.IsSlow && !(now - worker.NamedSlowAt < SlownessPolicy.NamedAgainAfter))
            {
                worker.NamedSlowAt = now;
                effects.Add(new Notice(
                    $"{worker.Id} is slow: {times[i].TotalMilliseconds:0} ms a step, "
                    + $"the others {others.TotalMilliseconds:0} ms"));
            }
            worker.IsSlow = slow;
        }
    }

    /// <summary>The median of the others that have been measured; zero when there are none.</summary>
    private static TimeSpan MedianWithout(TimeSpan[] times, int index)
    {
        TimeSpan[] others = [.. times.Where((time, i) => i != index && time > TimeSpan.Zero).Order()];
        return others.Length == 0 ? TimeSpan.Zero : others[others.Length / 2];
    }

    private WorkerPace PaceOf(RosterEntry worker, int index)
    {
        double pace = worker.Pace.SecondsPerSample;
        return new WorkerPace(
            worker.Id.Name, _shares[index].Count, StepTime(worker, index), pace > 0 ? 1 / pace : 0,
            worker.IsSlow)
        {
            FirstShard = _shares[index].Start,
        };
    }

    /// <summary>What the worker takes for its present share of a full step; zero while not known.</summary>
    private TimeSpan StepTime(RosterEntry worker, int index)
        => TimeSpan.FromSeconds(worker.Pace.SecondsPerSample * SamplesOf(_shares[index]));

    private int SamplesOf(ShardRange range)
        => ShardPlan.SamplesOf(range, plan.Shards, _batch);
}
