using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The worker's decisions. It does one operation at a time and hears of its end before it starts the next, so
/// that a newer order can overtake between two shards.
/// <code>
///   ComputeGradients(t) ──► weights t here? ──no──► AcquireWeights(t) ──► WeightsAcquired(t)
///            │                    │yes                                          │
///            └───────────────────►└──► ComputeShard … AddGradients … SubtreeReady(t, node) ──► idle
/// </code>
/// Invariants: a gradient is computed on weights of its own step and on nothing else; a published buffer is
/// not written again before an order for a later step shows that its step has committed; what belongs to an
/// older step is dropped.
/// </summary>
public sealed class WorkerMachine(ActorId self, ActorId coordinator, TrainingPlan plan)
{
    private readonly ReductionTree _tree = new(plan.Shards);
    private readonly Queue<WorkerOperation> _operations = new();
    private readonly Dictionary<int, ShardResult> _results = [];
    private readonly SortedSet<int> _freeBuffers = [];
    private int _buffers;
    private long _version = -1;
    private long _target = -1;
    private long? _acquiring;
    private bool _busy;
    private bool _ended;

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    public void Handle(IMessage message, List<Effect> effects)
    {
        switch (message)
        {
            case ComputeGradients order when !_ended && order.Step >= _target:
                Retarget(order.Step, forNewStep: order.Step > _target);
                GradientProgram.Append(
                    _operations, _tree, order.Shards, shard => plan.SamplesOf(order.Step, shard).Count > 0,
                    TakeBuffer, buffer => _freeBuffers.Add(buffer));
                break;
            case EvaluateChunks order when !_ended && order.Version >= _target:
                Retarget(order.Version, forNewStep: order.Version > _target);
                for (int chunk = order.Chunks.Start; chunk < order.Chunks.End; chunk++)
                {
                    _operations.Enqueue(WorkerOperation.Evaluate(order.Split, chunk));
                }
                _operations.Enqueue(WorkerOperation.Report(order.Split, order.Chunks));
                break;
            case WeightsAcquired acquired:
                _version = acquired.Version;
                _acquiring = _acquiring == acquired.Version ? null : _acquiring;
                break;
            case ShardComputed done:
                Complete(done.Step, done.Shard, done.Result);
                break;
            case ChunkEvaluated done:
                Complete(done.Version, done.Chunk, done.Result);
                break;
            case TrainingEnded:
                _ended = true;
                _operations.Clear();
                break;
            default:
                break;
        }
        Advance(effects);
    }

    /// <summary>An order for a later version shows that everything before it is settled.</summary>
    private void Retarget(long version, bool forNewStep)
    {
        if (!forNewStep)
        {
            return;
        }
        _target = version;
        _operations.Clear();
        _results.Clear();
        _freeBuffers.Clear();
        for (int buffer = 0; buffer < _buffers; buffer++)
        {
            _freeBuffers.Add(buffer);
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

    private void Complete(long version, int index, ShardResult result)
    {
        _busy = false;
        if (version == _target)
        {
            _results[index] = result;
        }
    }

    private void Advance(List<Effect> effects)
    {
        while (!_busy && _operations.Count > 0)
        {
            if (_version != _target)
            {
                if (_acquiring != _target)
                {
                    _acquiring = _target;
                    effects.Add(new AcquireWeights(_target));
                }
                return;
            }
            Perform(_operations.Dequeue(), effects);
        }
    }

    private void Perform(WorkerOperation operation, List<Effect> effects)
    {
        switch (operation.Kind)
        {
            case WorkerOperationKind.Compute:
                _busy = true;
                effects.Add(new ComputeShard(_target, operation.Index, operation.Buffer));
                break;
            case WorkerOperationKind.Add:
                effects.Add(new AddGradients(operation.Buffer, operation.Other));
                break;
            case WorkerOperationKind.Publish:
                effects.Add(new Send(coordinator, new SubtreeReady(
                    self, _target, operation.Range, operation.Buffer, Results(operation.Range))));
                break;
            case WorkerOperationKind.Evaluate:
                _busy = true;
                effects.Add(new EvaluateChunk(_target, operation.Split, operation.Index));
                break;
            case WorkerOperationKind.Report:
                effects.Add(new Send(coordinator, new ChunksEvaluated(
                    self, _target, operation.Split, operation.Range, Results(operation.Range))));
                break;
            default:
                throw new InvalidOperationException($"unknown operation {operation.Kind}");
        }
    }

    /// <summary>
    /// Takes the results of a range; a shard without samples was never computed and counts zero.
    /// </summary>
    private ShardResult[] Results(ShardRange range)
    {
        var results = new ShardResult[range.Count];
        for (int i = 0; i < results.Length; i++)
        {
            _results.Remove(range.Start + i, out results[i]);
        }
        return results;
    }
}
