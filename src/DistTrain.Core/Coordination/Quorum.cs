namespace DistTrain.Core.Coordination;

/// <summary>
/// Whether there are workers enough. The first step waits for those the run was started with; after that the
/// job's minimum counts. Whoever watches is told when the run has to wait, and when it goes on.
/// </summary>
internal sealed class Quorum(int initialWorkers, int minWorkers)
{
    private int _needed = Math.Max(initialWorkers, minWorkers);
    private bool _waiting;

    /// <summary>Nothing can be done without anyone, whatever the job's minimum.</summary>
    private int Least => Math.Max(minWorkers, 1);

    /// <summary>Whether a run that waits can begin, or go on.</summary>
    public bool CanBegin(WorkerRoster roster) => roster.Staying.Count >= Math.Max(_needed, 1);

    /// <summary>One of those the first step waits for will not come.</summary>
    public void ExpectOneLess() => _needed = Math.Max(_needed - 1, minWorkers);

    /// <summary>Whether work can be divided now; says so when it has to wait and when it goes on.</summary>
    public bool Allows(WorkerRoster roster, List<Effect> effects)
    {
        _needed = minWorkers;
        int here = roster.Staying.Count;
        if (here < Least)
        {
            effects.Add(new Notice($"waiting for workers: {here} here, {Least} needed"));
            _waiting = true;
            return false;
        }
        if (_waiting)
        {
            effects.Add(new Notice($"going on with {here} worker{(here == 1 ? "" : "s")}"));
            _waiting = false;
        }
        return true;
    }
}
