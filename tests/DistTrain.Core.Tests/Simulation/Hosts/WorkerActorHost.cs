using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>
/// A worker's machine on a thread of its own: one message at a time, and a shard takes its time. Its data
/// plane holds one version of the weights, which newer ones replace between two shards.
/// </summary>
internal sealed class WorkerActorHost(
    World world, WorkerNode node, Link link, RunId run, SimJob job, ActorId self)
{
    private static readonly ActorId Coordinator = new("coordinator");
    private static readonly TimeSpan ShardTime = TimeSpan.FromMilliseconds(30);
    private readonly WorkerMachine _machine = new(self, Coordinator, job.Plan);
    private readonly Queue<IMessage> _mailbox = new();
    private readonly Dictionary<int, float[]> _buffers = [];
    private readonly List<Effect> _effects = [];
    private float[] _weights = [];
    private long _held = -1;
    private long _wanted = -1;
    private WeightsPayload? _coming;
    private bool _isComputing;
    private bool _isStopping;

    public RunId Run => run;

    /// <summary>The link over which it was ordered.</summary>
    public Link Link => link;

    public bool IsGone { get; private set; }

    public void Tell(IMessage message)
    {
        _mailbox.Enqueue(message);
        if (!_isComputing)
        {
            Drain();
        }
    }

    public void OnWeights(WeightsPayload payload)
    {
        if (payload.Version > Math.Max(_held, _coming?.Version ?? -1))
        {
            _coming = payload;
            TakeWeights();
        }
    }

    /// <summary>Its thread ends with the shard it computes.</summary>
    public void Stop(Action stopped)
    {
        _isStopping = true;
        if (_isComputing)
        {
            node.Post(ShardTime, () => Stop(stopped));
            return;
        }
        IsGone = true;
        stopped();
    }

    /// <summary>Its thread dies at once, in the middle of whatever it does.</summary>
    public void Die() => IsGone = true;

    private void TakeWeights()
    {
        if (_coming is null || _isComputing)
        {
            return;
        }
        (_held, _weights) = (_coming.Version, _coming.Weights);
        _coming = null;
        if (_wanted == _held)
        {
            Tell(new WeightsAcquired(_held));
        }
    }

    private void Drain()
    {
        while (!_isComputing && !IsGone && !_isStopping && _mailbox.TryDequeue(out IMessage? message))
        {
            if (world.Mutation.ToWorker(message) is not { } told)
            {
                continue;
            }
            _effects.Clear();
            _machine.Handle(told, _effects);
            foreach (Effect effect in world.Mutation.FromWorker(_effects))
            {
                Perform(effect);
            }
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Send { Message: SubtreeReady ready }:
                node.Send(link, new GradientPayload(run, ready, [.. _buffers[ready.Buffer]]));
                break;
            case Send send:
                node.Send(link, new RunMessage(run, send.Message));
                break;
            case AcquireWeights acquire:
                _wanted = acquire.Version;
                if (_held == _wanted || (world.Mutation.TakesAnyWeights && _held >= 0))
                {
                    _mailbox.Enqueue(new WeightsAcquired(_wanted));
                }
                break;
            case ComputeShard compute:
                Compute(compute.Step, () =>
                {
                    _buffers[compute.Buffer] = TinyModel.Gradient(
                        compute.Step, compute.Shard, _weights, compute.LossFactor);
                    int samples = job.Plan.SamplesOf(compute.Step, compute.Shard).Count;
                    return TinyModel.ResultOf(_weights, samples);
                }, result => new ShardComputed(compute.Step, compute.Shard, result));
                break;
            case AddGradients add:
                TinyModel.Add(_buffers[add.Into], _buffers[add.From]);
                break;
            case EvaluateChunk evaluate:
                Compute(
                    evaluate.Version,
                    () => TinyModel.ResultOf(_weights, job.Plan.SamplesOf(evaluate.Split, evaluate.Chunk)),
                    result => new ChunkEvaluated(evaluate.Version, evaluate.Split, evaluate.Chunk, result));
                break;
            default:
                throw new InvalidOperationException($"a worker cannot perform {effect.GetType().Name}");
        }
    }

    private void Compute(long version, Func<ShardResult> work, Func<ShardResult, IMessage> report)
    {
        if (_held != version && !world.Mutation.TakesAnyWeights)
        {
            _mailbox.Enqueue(report(default));
            return;
        }
        world.Demand(!IsGone, "a worker that has ended computes nothing");
        _isComputing = true;
        ShardResult result = work();
        node.Post(ShardTime, () =>
        {
            _isComputing = false;
            if (IsGone)
            {
                return;
            }
            _mailbox.Enqueue(report(result));
            TakeWeights();
            Drain();
        });
    }
}
