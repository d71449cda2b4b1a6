using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// A worker's part in one step: which subtrees are under way, which were published and from which buffer, and
/// which buffers are free. A subtree that is asked for again is not computed again: while it is under way the
/// answer is still to come, and once it is published its buffer stays intact until a later step is ordered.
/// </summary>
internal sealed class GradientWork(TrainingPlan plan)
{
    private readonly ReductionTree _tree = new(plan.Shards);
    private readonly List<ShardRange> _underWay = [];
    private readonly List<SubtreeReady> _published = [];
    private readonly Dictionary<int, ShardResult> _results = [];
    private readonly SortedSet<int> _freeBuffers = [];
    private int _buffers;

    /// <summary>Queues what is neither under way nor published.</summary>
    /// <returns>What was published before and is asked for again.</returns>
    public List<SubtreeReady> Take(ComputeGradients order, Queue<WorkerOperation> operations)
    {
        List<SubtreeReady> known = [];
        foreach (ShardRange node in _tree.MaximalSubtrees(order.Shards))
        {
            Take(order.Step, node, operations, known);
        }
        return known;
    }

    public void Computed(int shard, ShardResult result) => _results[shard] = result;

    public SubtreeReady Publish(ActorId self, long step, WorkerOperation operation)
    {
        ShardResult[] results = ResultsOf(operation.Range);
        var ready = new SubtreeReady(self, step, operation.Range, operation.Buffer, results);
        _underWay.Remove(operation.Range);
        _published.Add(ready);
        return ready;
    }

    /// <summary>All buffers are free again.</summary>
    public void Clear()
    {
        _underWay.Clear();
        _published.Clear();
        _results.Clear();
        _freeBuffers.Clear();
        for (int buffer = 0; buffer < _buffers; buffer++)
        {
            _freeBuffers.Add(buffer);
        }
    }

    /// <summary>
    /// Nodes of one tree are nested or disjoint: a node is answered by a larger one that holds it, and one
    /// that holds smaller ones is taken half by half, so that no shard is computed twice.
    /// </summary>
    private void Take(long step, ShardRange node, Queue<WorkerOperation> operations, List<SubtreeReady> known)
    {
        if (_published.Find(ready => ready.Node.Contains(node)) is { } covering)
        {
            if (!known.Contains(covering))
            {
                known.Add(covering);
            }
        }
        else if (_underWay.Exists(other => node != other && node.Contains(other))
            || _published.Exists(ready => node.Contains(ready.Node)))
        {
            (ShardRange left, ShardRange right) = _tree.Split(node);
            Take(step, left, operations, known);
            Take(step, right, operations, known);
        }
        else if (!_underWay.Exists(other => other.Contains(node)) && GradientProgram.Append(
            operations, _tree, node, shard => plan.SamplesOf(step, shard).Count > 0, TakeBuffer,
            buffer => _freeBuffers.Add(buffer)))
        {
            _underWay.Add(node);
        }
    }

    private int TakeBuffer()
    {
        if (_freeBuffers.Count == 0)
        {
            return _buffers++;
        }
        int buffer = _freeBuffers.Min;
        _freeBuffers.Remove(buffer);
        return buffer;
    }

    /// <summary>
    /// Takes the results of a range; a shard without samples was never computed and counts zero.
    /// </summary>
    private ShardResult[] ResultsOf(ShardRange range)
    {
        var results = new ShardResult[range.Count];
        for (int i = 0; i < results.Length; i++)
        {
            _results.Remove(range.Start + i, out results[i]);
        }
        return results;
    }
}
