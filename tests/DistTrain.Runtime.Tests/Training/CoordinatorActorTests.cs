using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Sharding;
using DistTrain.Core.State;
using DistTrain.Runtime.Training;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>What the actor makes of its machine's effects, told one message at a time.</summary>
public sealed class CoordinatorActorTests : IDisposable
{
    private static readonly ActorId Worker = new("worker-0");
    private readonly List<string> _happened = [];
    private readonly Surroundings _around;
    private readonly TrainingState _state;
    private readonly CoordinatorActor _actor;

    public CoordinatorActorTests()
    {
        JobSpec job = TrainingSessionTests.Job();
        var plan = new TrainingPlan(job, trainingSamples: 101, validationSamples: 0, testSamples: 0);
        var machine = new CoordinatorMachine(job, plan, new TrainingProgress(), initialWorkers: 1);
        _around = new Surroundings(_happened);
        _state = new TrainingState(new ToyEngine(4, 3).LayoutOf(null!), OptimizerFactory.Create(job.Optimizer));
        _actor = new CoordinatorActor(
            new ActorId("coordinator"), _around, machine, _state, _around, _around, null, _around,
            TimeProvider.System, work => work(), _around);
    }

    public void Dispose() => _state.Dispose();

    [Fact]
    public void Workers_have_their_next_order_before_the_step_is_told_to_those_who_watch()
    {
        Tell(new WorkerJoined(Worker, Speed: 1));
        Tell(AllShardsOf(step: 0));
        Tell(AllShardsOf(step: 1));
        _happened.ShouldBe(
        [
            "ordered 0", "reduced 0", "updated 0",
            "ordered 1", "watched 0", "reduced 1", "updated 1",
            "ordered 2", "watched 1",
        ]);
    }

    /// <summary>A message, and what it makes the actor tell itself.</summary>
    private void Tell(IMessage message)
    {
        _actor.Receive(message);
        while (_around.ToItself.TryDequeue(out IMessage? next))
        {
            _actor.Receive(next);
        }
    }

    private static SubtreeReady AllShardsOf(long step)
    {
        var shard = new ShardResult(LossSum: 4, Correct: 1, Count: 4);
        return new SubtreeReady(Worker, step, new ShardRange(0, 8), 0, [.. Enumerable.Repeat(shard, 8)]);
    }

    /// <summary>Everything around the actor; it does nothing but write down what it is asked.</summary>
    private sealed class Surroundings(List<string> happened)
        : IActorHost, IAggregator, IWeightsPublisher, IRunObserver, IRunOwner
    {
        public Queue<IMessage> ToItself { get; } = new();

        public void Deliver(ActorId worker, IVersionedOrder order) => happened.Add($"ordered {order.Version}");

        public void Reduce(ReduceGradients request, Action<GradientsReduced> done)
        {
            happened.Add($"reduced {request.Step}");
            done(new GradientsReduced(request.Step, SumNorm: 1));
        }

        public void Apply(ApplyUpdate request, Action<UpdateApplied> done)
        {
            happened.Add($"updated {request.Step}");
            done(new UpdateApplied(request.Step));
        }

        public void OnStep(StepMetrics step) => happened.Add($"watched {step.Step}");

        public bool Tell(ActorId to, IMessage message)
        {
            ToItself.Enqueue(message);
            return true;
        }

        public void OnFinished(RunOutcome outcome) => happened.Add("finished");

        public void OnWorkerReleased(ActorId worker) => happened.Add($"released {worker}");

        public void Start(ActorId id, ActorPlacement placement, Func<IActor> create)
            => throw new InvalidOperationException("a coordinator starts nobody");

        public void Watch(ActorId watcher, ActorId subject)
            => throw new InvalidOperationException("a coordinator watches nobody");

        public IDisposable Every(TimeSpan period, ActorId to, IMessage message)
            => throw new InvalidOperationException("a coordinator sets no timer");

        public Task StopAsync(ActorId id) => throw new InvalidOperationException("a coordinator stops nobody");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
