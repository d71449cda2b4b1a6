using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// A coordinator and its workers in one thread and without chance: messages are delivered in the order they
/// were told, one a millisecond, and the engine's answers are made up. Everything goes into a transcript.
/// </summary>
internal sealed class GoldenCluster(JobSpec job, TrainingPlan plan, int initialWorkers)
{
    private static readonly ActorId Coordinator = new("coordinator");
    private readonly CoordinatorMachine _coordinator = new(job, plan, new TrainingProgress(), initialWorkers);
    private readonly Dictionary<ActorId, WorkerMachine> _workers = [];
    private readonly Queue<(ActorId To, IMessage Message)> _mail = new();
    private TimeSpan _now;

    /// <summary>Mean loss of every sample on weights of a version.</summary>
    public required Func<long, double> LossAt { get; init; }

    /// <summary>The step whose gradient is not finite; null: none.</summary>
    public long? NotFiniteAt { get; init; }

    public Transcript Transcript { get; } = new();

    public void Join(string name)
    {
        var id = new ActorId(name);
        _workers.Add(id, new WorkerMachine(id, Coordinator, plan));
        _mail.Enqueue((Coordinator, new WorkerJoined(id, 1)));
    }

    public void Lose(string name, string reason)
    {
        var id = new ActorId(name);
        _workers.Remove(id).ShouldBeTrue();
        _mail.Enqueue((Coordinator, new WorkerLost(id, reason)));
    }

    public void Leave(string name) => _mail.Enqueue((Coordinator, new WorkerLeaving(new ActorId(name))));

    /// <summary>The network loses the message that would be delivered next.</summary>
    public void LoseNext()
    {
        (ActorId to, IMessage message) = _mail.Dequeue();
        Transcript.Dropped(_now, to, message);
    }

    public void RunToQuiet()
    {
        while (_mail.Count > 0)
        {
            Deliver();
        }
    }

    /// <summary>Time passes, and the coordinator's machine is told so.</summary>
    public void Wait(TimeSpan time)
    {
        _now += time;
        _mail.Enqueue((Coordinator, new RunTick()));
    }

    /// <summary>Delivers until the next message is this one for this actor, which waits.</summary>
    public void RunUntil<T>(string actor, Func<T, bool> next) where T : IMessage
    {
        while (!(_mail.Peek() is { Message: T message } mail && mail.To.Name == actor && next(message)))
        {
            Deliver();
        }
    }

    public void RunToEnd()
    {
        RunToQuiet();
        _coordinator.IsFinished.ShouldBeTrue($"nothing is under way any more:\n{Transcript}");
    }

    private void Deliver()
    {
        _now += TimeSpan.FromMilliseconds(1);
        (ActorId to, IMessage message) = _mail.Dequeue();
        List<Effect> effects = [];
        if (to == Coordinator)
        {
            _coordinator.Handle(message, _now, effects);
        }
        else if (_workers.TryGetValue(to, out WorkerMachine? worker))
        {
            worker.Handle(message, effects);
        }
        else
        {
            Transcript.Lost(_now, to, message);
            return;
        }
        Transcript.Received(_now, to, message);
        foreach (Effect effect in effects)
        {
            Transcript.Performed(effect);
            if (AnswerTo(to, effect) is { } answer)
            {
                _mail.Enqueue(answer);
            }
        }
    }

    /// <summary>What a host and its engine would tell the actor in return.</summary>
    private (ActorId To, IMessage Message)? AnswerTo(ActorId self, Effect effect) => effect switch
    {
        Send send => (send.To, send.Message),
        AcquireWeights acquire => (self, new WeightsAcquired(acquire.Version)),
        ComputeShard shard => (self, new ShardComputed(
            shard.Step, shard.Shard, Result(shard.Step, plan.SamplesOf(shard.Step, shard.Shard).Count))),
        EvaluateChunk chunk => (self, new ChunkEvaluated(
            chunk.Version, chunk.Split, chunk.Chunk, Result(chunk.Version, ChunkSamples(chunk)))),
        ReduceGradients reduce => (self, new GradientsReduced(
            reduce.Step, reduce.Step == NotFiniteAt ? double.NaN : 16)),
        ApplyUpdate update => (self, new UpdateApplied(update.Step)),
        SaveCheckpoint => (self, new CheckpointFinished(null)),
        RestoreBest => (self, new BestRestored(null)),
        _ => null,
    };

    private ShardResult Result(long version, int samples)
        => new(LossAt(version) * samples, samples / 2, samples);

    private int ChunkSamples(EvaluateChunk chunk)
        => Math.Min(
            TrainingPlan.EvaluationChunk,
            plan.SamplesIn(chunk.Split) - chunk.Chunk * TrainingPlan.EvaluationChunk);
}
