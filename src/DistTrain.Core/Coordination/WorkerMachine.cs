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
/// older step is dropped. An order that comes twice is answered twice and computed once.
/// </summary>
public sealed class WorkerMachine(ActorId self, ActorId coordinator, TrainingPlan plan)
{
    private readonly Queue<WorkerOperation> _operations = new();
    private readonly GradientWork _gradients = new(plan);
    private readonly EvaluationWork _evaluation = new();
    private long _version = -1;
    private long _target = -1;
    private double _lossFactor = 1;
    private long? _acquiring;
    private bool _busy;
    private bool _ended;

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    public void Handle(IMessage message, List<Effect> effects)
    {
        switch (message)
        {
            case ComputeGradients order when !_ended && order.Step >= _target:
                Retarget(order.Step);
                _lossFactor = order.LossFactor;
                foreach (SubtreeReady known in _gradients.Take(order, _operations))
                {
                    effects.Add(new Send(coordinator, known));
                }
                break;
            case EvaluateChunks order when !_ended && order.Version >= _target:
                Retarget(order.Version);
                _evaluation.Take(order, _operations);
                break;
            case WeightsAcquired acquired:
                _version = Math.Max(_version, acquired.Version);
                break;
            case ShardComputed done:
                _busy = false;
                if (IsResult(done.Step, done.Result))
                {
                    _gradients.Computed(done.Shard, done.Result);
                }
                break;
            case ChunkEvaluated done:
                _busy = false;
                if (IsResult(done.Version, done.Result))
                {
                    _evaluation.Evaluated(done);
                }
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

    /// <summary>
    /// An order for a later version shows that everything before it is settled. Any order asks for its
    /// weights anew where they are not here: the first request, or its answer, may have been lost.
    /// </summary>
    private void Retarget(long version)
    {
        _acquiring = null;
        if (version > _target)
        {
            _target = version;
            Forget();
        }
    }

    private void Forget()
    {
        _operations.Clear();
        _gradients.Clear();
        _evaluation.Clear();
    }

    /// <summary>
    /// Whether this is what the present order asked for. A result without samples says that the weights were
    /// overwritten by newer ones before it could be computed; then nothing of this order can be delivered.
    /// </summary>
    private bool IsResult(long version, ShardResult result)
    {
        if (version != _target)
        {
            return false;
        }
        if (result.Count == 0)
        {
            Forget();
        }
        return result.Count > 0;
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
                effects.Add(new ComputeShard(_target, operation.Index, operation.Buffer)
                {
                    LossFactor = _lossFactor,
                });
                break;
            case WorkerOperationKind.Add:
                effects.Add(new AddGradients(operation.Buffer, operation.Other));
                break;
            case WorkerOperationKind.Publish:
                effects.Add(new Send(coordinator, _gradients.Publish(self, _target, operation)));
                break;
            case WorkerOperationKind.Evaluate:
                _busy = true;
                effects.Add(new EvaluateChunk(_target, operation.Split, operation.Index));
                break;
            case WorkerOperationKind.Report:
                effects.Add(new Send(coordinator, _evaluation.Report(self, _target, operation)));
                break;
            default:
                throw new InvalidOperationException($"unknown operation {operation.Kind}");
        }
    }
}
