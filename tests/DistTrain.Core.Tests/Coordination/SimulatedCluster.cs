using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sampling;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// A coordinator, workers and a network in one thread: every message waits in its link, and a seeded choice
/// says which link delivers next, who dies, who joins and what is delivered twice. The "model" is one float
/// per element whose gradient rounds, so that a sum taken in another order shows in the bits.
/// </summary>
internal sealed class SimulatedCluster
{
    private static readonly ActorId Coordinator = new("coordinator");
    private const int Width = 3;
    private readonly JobSpec _job;
    private readonly TrainingPlan _plan;
    private readonly ulong _seed;
    private readonly Dictionary<(ActorId From, ActorId To), Queue<IMessage>> _links = [];
    private readonly Dictionary<ActorId, WorkerMachine> _workers = [];
    private readonly Dictionary<(ActorId, int), float[]> _buffers = [];
    private readonly CoordinatorMachine _coordinator;
    private readonly float[] _weights;
    private float[] _sum = new float[Width];
    private ulong _draws;
    private readonly List<string> _trace = [];
    private int _born;
    private bool _stopSent;

    public SimulatedCluster(
        JobSpec job, TrainingPlan plan, int seed, int workers, TrainingProgress progress, float[] weights)
    {
        _job = job;
        _plan = plan;
        _seed = KeyedRandom.Key((ulong)seed, 77);
        _weights = [.. weights];
        _coordinator = new CoordinatorMachine(job, plan, progress, workers);
        for (int i = 0; i < workers; i++)
        {
            Join();
        }
    }

    public static float[] InitialWeights => [0.1f, -0.7f, 1.3f];

    public RunOutcome? Outcome { get; private set; }
    public float[] Weights => _weights;
    public (TrainingProgress Progress, float[] Weights)? Saved { get; private set; }
    public int Deaths { get; private set; }

    /// <param name="faultRate">One event in this many is a death, a join or a duplicate; 0: none.</param>
    /// <param name="stopAt">Ask for an interrupt once this step has committed; null: never.</param>
    public void Run(int faultRate, long? stopAt = null)
    {
        for (int events = 0; Outcome is null; events++)
        {
            events.ShouldBeLessThan(200_000, "the run makes no progress");
            if (stopAt <= _coordinator.Progress.Step && !_stopSent)
            {
                _stopSent = true;
                ToCoordinator(new StopRequested("test"));
            }
            if (faultRate > 0 && Draw(faultRate) == 0)
            {
                Fault();
            }
            Deliver();
        }
    }

    private void Join()
    {
        var id = new ActorId($"worker-{_born++}");
        _workers.Add(id, new WorkerMachine(id, Coordinator, _plan));
        Post(DetectorOf(id), Coordinator, new WorkerJoined(id, 1 + Draw(3)));
    }

    /// <summary>
    /// Membership is a service of the host: what it tells about one worker comes once and in order.
    /// </summary>
    private static ActorId DetectorOf(ActorId worker) => new($"detector of {worker}");

    private static bool CrossesNetwork(ActorId from, ActorId to)
        => from != to && !from.Name.StartsWith("detector", StringComparison.Ordinal);

    private void Fault()
    {
        switch (Draw(3))
        {
            case 0 when _workers.Count > 1:
                ActorId victim = _workers.Keys.ElementAt(Draw(_workers.Count));
                _workers.Remove(victim);
                Deaths++;
                // What it had sent may still arrive, before or after the news of its death.
                Post(DetectorOf(victim), Coordinator, new WorkerLost(victim, "killed"));
                break;
            case 1 when _workers.Count < 9:
                Join();
                break;
            default:
                // A network may deliver twice; what an actor tells itself does not cross one.
                Queue<IMessage>? link = _links.FirstOrDefault(link
                    => link.Value.Count > 0 && CrossesNetwork(link.Key.From, link.Key.To)).Value;
                link?.Enqueue(link.Peek());
                break;
        }
    }

    private void Deliver()
    {
        (ActorId From, ActorId To)[] ready =
            [.. _links.Where(link => link.Value.Count > 0).Select(link => link.Key)];
        if (ready.Length == 0)
        {
            throw new InvalidOperationException(
                $"nothing is under way at step {_coordinator.Progress.Step}:\n"
                + string.Join("\n", _trace.TakeLast(40)));
        }
        (ActorId From, ActorId To) chosen = ready[Draw(ready.Length)];
        IMessage message = _links[chosen].Dequeue();
        _trace.Add($"{chosen.From} -> {chosen.To}: {message}");
        List<Effect> effects = [];
        if (chosen.To == Coordinator)
        {
            ToCoordinator(message);
        }
        else if (_workers.TryGetValue(chosen.To, out WorkerMachine? worker))
        {
            worker.Handle(message, effects);
            effects.ForEach(effect => PerformAtWorker(chosen.To, effect));
        }
    }

    private void ToCoordinator(IMessage message)
    {
        List<Effect> effects = [];
        _coordinator.Handle(message, TimeSpan.Zero, effects);
        effects.ForEach(PerformAtCoordinator);
    }

    private void PerformAtWorker(ActorId self, Effect effect)
    {
        switch (effect)
        {
            case Send send:
                Post(self, send.To, send.Message);
                break;
            case AcquireWeights acquire:
                // The invariant of versions: whoever is asked to work on t finds weights t.
                if (acquire.Version == _coordinator.Progress.Step)
                {
                    Post(self, self, new WeightsAcquired(acquire.Version));
                }
                break;
            case ComputeShard compute when compute.Step == _coordinator.Progress.Step:
                _buffers[(self, compute.Buffer)] = Gradient(compute.Step, compute.Shard, _weights);
                ShardResult result = Result(compute.Step, compute.Shard);
                Post(self, self, new ShardComputed(compute.Step, compute.Shard, result));
                break;
            case ComputeShard compute:
                Post(self, self, new ShardComputed(compute.Step, compute.Shard, default));
                break;
            case AddGradients add when _buffers.ContainsKey((self, add.From)):
                _buffers[(self, add.Into)] = Sum(_buffers[(self, add.Into)], _buffers[(self, add.From)]);
                break;
            default:
                break;
        }
    }

    private void PerformAtCoordinator(Effect effect)
    {
        switch (effect)
        {
            case Send send:
                Post(Coordinator, send.To, send.Message);
                break;
            case ReduceGradients reduce:
                var tree = new ReductionTree(_plan.Shards);
                _sum = SumTree(tree, tree.Root, reduce.Sources)!;
                double norm = Math.Sqrt(_sum.Sum(x => (double)x * x));
                Post(Coordinator, Coordinator, new GradientsReduced(reduce.Step, norm));
                break;
            case ApplyUpdate update:
                Update(_weights, _sum, update);
                Post(Coordinator, Coordinator, new UpdateApplied(update.Step));
                break;
            case SaveCheckpoint save:
                Saved = (save.Progress, [.. _weights]);
                Post(Coordinator, Coordinator, new CheckpointFinished(null));
                break;
            case Finish finish:
                Outcome = finish.Outcome;
                break;
            default:
                break;
        }
    }

    /// <summary>The same training without any cluster: the model everything else is held against.</summary>
    public static float[] Reference(JobSpec job, TrainingPlan plan)
    {
        float[] weights = InitialWeights;
        for (long step = 0; step < plan.TotalSteps; step++)
        {
            float[] sum = Tree(0, plan.Shards)!;
            double meanScale = 1.0 / plan.WindowOf(step).Count;
            Update(weights, sum, new ApplyUpdate(step, job.LearningRate.Base, meanScale, 1, step));
            float[]? Tree(int start, int end)
            {
                if (end - start == 1)
                {
                    return plan.SamplesOf(step, start).Count > 0 ? Gradient(step, start, weights) : null;
                }
                int middle = start + (end - start + 1) / 2;
                return Both(Tree(start, middle), Tree(middle, end));
            }
        }
        return weights;
    }

    private float[]? SumTree(ReductionTree tree, ShardRange node, IReadOnlyList<GradientSource> sources)
    {
        foreach (GradientSource source in sources)
        {
            if (source.Node == node)
            {
                return _buffers[(source.Worker, source.Buffer)];
            }
        }
        if (node.Count == 1)
        {
            return null;
        }
        (ShardRange left, ShardRange right) = tree.Split(node);
        return Both(SumTree(tree, left, sources), SumTree(tree, right, sources));
    }

    private static float[] Gradient(long step, int shard, float[] weights)
    {
        ulong key = KeyedRandom.Key((ulong)step, (ulong)shard);
        return [.. weights.Select((weight, i) => weight * 0.3f + KeyedRandom.Uniform(key, (ulong)i) - 0.5f)];
    }

    private ShardResult Result(long step, int shard) => new(1, 0, _plan.SamplesOf(step, shard).Count);

    private static float[] Sum(float[] left, float[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static float[]? Both(float[]? left, float[]? right)
        => left is null ? right : right is null ? left : Sum(left, right);

    private static void Update(float[] weights, float[] sum, ApplyUpdate update)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] -= (float)update.LearningRate * (sum[i] * (float)update.MeanScale);
        }
    }

    private void Post(ActorId from, ActorId to, IMessage message)
    {
        if (!_links.TryGetValue((from, to), out Queue<IMessage>? link))
        {
            _links[(from, to)] = link = new Queue<IMessage>();
        }
        link.Enqueue(message);
    }

    private int Draw(int bound) => KeyedRandom.Below(_seed, _draws++, bound);
}
