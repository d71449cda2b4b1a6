using DistTrain.Core.Coordination.Pace;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>Who is here, in the order of joining.</summary>
internal sealed class WorkerRoster
{
    private readonly List<RosterEntry> _workers = [];
    private readonly List<RosterEntry> _staying = [];

    /// <summary>Everyone, those that are leaving included.</summary>
    public IReadOnlyList<RosterEntry> Workers => _workers;

    /// <summary>Those that new work is divided among.</summary>
    public IReadOnlyList<RosterEntry> Staying => _staying;

    /// <summary>Counts the changes of <see cref="Staying"/>.</summary>
    public int Changes { get; private set; }

    public bool HasLeaving => _staying.Count < _workers.Count;

    public RosterEntry? Find(ActorId worker)
    {
        foreach (RosterEntry entry in _workers)
        {
            if (entry.Id == worker)
            {
                return entry;
            }
        }
        return null;
    }

    /// <summary>False when it is here already.</summary>
    public bool Add(ActorId worker, double speed)
    {
        if (Find(worker) is not null)
        {
            return false;
        }
        var entry = new RosterEntry(worker, SpeedPolicy.Sensible(speed));
        _workers.Add(entry);
        _staying.Add(entry);
        Changes++;
        return true;
    }

    public void MarkLeaving(RosterEntry worker)
    {
        worker.IsLeaving = true;
        Changes += _staying.Remove(worker) ? 1 : 0;
    }

    public void Remove(RosterEntry worker)
    {
        _workers.Remove(worker);
        Changes += _staying.Remove(worker) ? 1 : 0;
    }

    /// <summary>The speeds of these workers, in samples per second as far as they are measured.</summary>
    public static double[] SpeedsOf(IReadOnlyList<RosterEntry> workers)
    {
        double[] declared = [.. workers.Select(worker => worker.DeclaredSpeed)];
        double[] measured =
            [.. workers.Select(worker => worker.Pace.IsMeasured ? worker.Pace.SecondsPerSample : 0)];
        return SpeedPolicy.SpeedsOf(declared, measured);
    }

    /// <summary>Divides [0, count) among these workers so that they finish together.</summary>
    public static ShardRange[] Divide(int count, IReadOnlyList<RosterEntry> workers)
        => ShardAssignment.Assign(count, SpeedsOf(workers));
}
