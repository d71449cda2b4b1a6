using System.Runtime.InteropServices;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>Who is here, in the order of joining, and who gets which part of the work.</summary>
internal sealed class WorkerRoster
{
    private readonly List<ActorId> _workers = [];
    private readonly List<double> _speeds = [];

    public IReadOnlyList<ActorId> Workers => _workers;

    public int Count => _workers.Count;

    public bool Contains(ActorId worker) => _workers.Contains(worker);

    public bool Add(ActorId worker, double speed)
    {
        if (_workers.Contains(worker))
        {
            return false;
        }
        _workers.Add(worker);
        _speeds.Add(speed);
        return true;
    }

    public bool Remove(ActorId worker)
    {
        int index = _workers.IndexOf(worker);
        if (index < 0)
        {
            return false;
        }
        _workers.RemoveAt(index);
        _speeds.RemoveAt(index);
        return true;
    }

    /// <summary>Divides [0, count) among the workers in proportion to their speeds.</summary>
    public IEnumerable<(ActorId Worker, ShardRange Range)> Divide(int count)
    {
        ShardRange[] ranges = ShardAssignment.Assign(count, CollectionsMarshal.AsSpan(_speeds));
        return _workers.Zip(ranges).Where(pair => !pair.Second.IsEmpty);
    }
}
