using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Training;

/// <summary>Runs a worker's machine in any host, on the thread its replica lives on.</summary>
public sealed class WorkerActor(
    ActorId self, ActorId coordinator, IActorHost host, WorkerMachine machine, IWorkerDataPlane data,
    ShardWork work, TimeProvider time) : IActor
{
    private readonly List<Effect> _effects = [];
    private readonly WorkClock _clock = new(time);

    public void Receive(IMessage message)
    {
        if (message is InProcess.LentTurn turn)
        {
            turn.Work();
            return;
        }
        if (message is ComputeGradients order)
        {
            _clock.Ordered(order.Step);
        }
        else if (message is WeightsAcquired)
        {
            work.AcquireWeights();
        }
        _effects.Clear();
        machine.Handle(message, _effects);
        try
        {
            for (int i = 0; i < _effects.Count; i++)
            {
                Perform(_effects[i], isLast: i == _effects.Count - 1);
            }
        }
        catch (DistTrainException fault) when (fault is not DeviceFaultException)
        {
            // What this engine cannot compute none can. A device that failed ends this actor alone.
            host.Tell(coordinator, new WorkFailed(self, fault.Message));
        }
    }

    public void Dispose() => work.Dispose();

    private void Perform(Effect effect, bool isLast)
    {
        switch (effect)
        {
            case Send { Message: SubtreeReady ready }:
                work.Settle(ready.Buffer);
                data.Publish(_clock.Stamp(ready), isLast);
                break;
            case Send send:
                host.Tell(send.To, send.Message);
                break;
            case AcquireWeights acquire:
                data.Acquire(acquire.Version);
                break;
            case ComputeShard compute:
                long begun = _clock.Now;
                ShardResult result = OnVersion(compute.Step, () => work.Compute(compute));
                host.Tell(self, new ShardComputed(
                    compute.Step, compute.Shard, result with { Timing = _clock.Since(begun) }));
                break;
            case AddGradients add:
                long adding = _clock.Now;
                work.Add(add);
                _clock.Added(adding);
                break;
            case EvaluateChunk evaluate:
                ShardResult judged = OnVersion(evaluate.Version, () => work.Evaluate(evaluate));
                host.Tell(self, new ChunkEvaluated(evaluate.Version, evaluate.Split, evaluate.Chunk, judged));
                break;
            default:
                throw new InvalidOperationException($"a worker cannot perform {effect.GetType().Name}");
        }
    }

    /// <summary>
    /// The result on weights of this version. Where newer ones are on their way already, the order that goes
    /// with them is in the mailbox before the answer to this one, and the machine drops it by its version.
    /// </summary>
    private ShardResult OnVersion(long version, Func<ShardResult> work)
    {
        if (!data.TryEnter(version))
        {
            return default;
        }
        try
        {
            return work();
        }
        finally
        {
            data.Exit();
        }
    }
}
