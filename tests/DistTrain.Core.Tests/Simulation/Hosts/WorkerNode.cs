using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>
/// The process of a worker node: a node machine, and a worker while it takes part in a run.
/// </summary>
internal sealed class WorkerNode : Process
{
    private readonly SimCluster _cluster;
    private readonly NodeMachine _machine;
    private Link? _link;
    private WorkerActorHost? _worker;
    private Preparation? _preparing;

    public WorkerNode(World world, SimCluster cluster, string name, long incarnation, double speed)
        : base(world, name)
    {
        _cluster = cluster;
        var description = new NodeDescription("cpu", 1, 1 << 20, speed, "none", "1.0");
        _machine = new NodeMachine(new NodeId(name), incarnation, description);
        Do(effects => _machine.Start(Clock, effects));
        Post(TickEvery, OnTick);
    }

    public Link? Link => _link;

    /// <summary>The worker that lives here, its thread included; null: none.</summary>
    public WorkerActorHost? Worker => _worker is { IsGone: false } ? _worker : null;

    public int? ExitCode { get; private set; }

    public void Tell(IMessage message) => Do(effects => _machine.Handle(message, Clock, effects));

    public void OnConnected(Link link)
    {
        _link = link;
        Tell(new LinkOpened());
    }

    public void OnConnectFailed(string reason) => Tell(new LinkFailed(reason, Permanent: false));

    public void OnLinkLost(Link link, string reason)
    {
        if (_link == link)
        {
            _link = null;
            Tell(new LinkLost(reason));
        }
    }

    public void OnMessage(Link link, IMessage message)
    {
        if (_link != link)
        {
            return;
        }
        switch (message)
        {
            case RunMessage { Message: var inner } order:
                WorkerOf(order.Run)?.Tell(inner);
                break;
            case WeightsPayload weights:
                WorkerOf(weights.Run)?.OnWeights(weights);
                break;
            default:
                Tell(message);
                break;
        }
    }

    public void Send(Link link, IMessage message)
    {
        if (_link == link)
        {
            link.SendUp(message);
        }
    }

    /// <summary>The worker's thread ends by a fault.</summary>
    public bool FailWorker()
    {
        if (Worker is not { } worker || _machine.ActiveRun != worker.Run)
        {
            return false;
        }
        worker.Die();
        Tell(new WorkerStopped(worker.Run));
        return true;
    }

    protected override void OnKilled(bool silently) => _link?.WorkerCloses(silently);

    private WorkerActorHost? WorkerOf(RunId run) => _machine.ActiveRun == run ? Worker : null;

    private void OnTick()
    {
        Tell(new Tick());
        Post(TickEvery, OnTick);
    }

    private void Do(Action<List<Effect>> handle)
    {
        List<Effect> effects = [];
        handle(effects);
        foreach (Effect effect in effects)
        {
            if (World.Mutation.InsteadOf(effect) is { } rumour)
            {
                Post(TimeSpan.Zero, () => Tell(rumour));
            }
            else if (IsAlive)
            {
                Perform(effect);
            }
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case OpenLink:
                _cluster.Network.Connect(this, _cluster.Coordinator);
                break;
            case SendToCoordinator send:
                _link?.SendUp(send.Message);
                break;
            case CloseLink close:
                World.Note(Name, "closes its link:", close.Reason);
                _link?.WorkerCloses();
                _link = null;
                break;
            case StartWorker start:
                Start(start.Order.Run);
                break;
            case StopWorker stop:
                StopWorker(stop.Run);
                break;
            case EndNode end:
                ExitCode = end.ExitCode;
                World.Note(Name, "ends:", end.Reason);
                Kill(silently: false);
                break;
            default:
                throw new InvalidOperationException($"a node cannot perform {effect.GetType().Name}");
        }
    }

    private void Start(RunId run)
    {
        World.Demand(
            Worker is null && _preparing is null, $"{Name} begins {run} while a worker is still here");
        World.Note(Name, "prepares", run);
        var preparation = new Preparation(run);
        _preparing = preparation;
        Link? link = _link;
        Post(TimeSpan.FromMilliseconds(20) + World.Chance.Exponential(0.05), () =>
        {
            if (_preparing == preparation && link is not null)
            {
                _preparing = null;
                _worker = new WorkerActorHost(
                    World, this, link, run, _cluster.JobOf(run.Job), new ActorId(Name));
                Tell(new RunPreparationEnded(run, null));
            }
        });
    }

    private void StopWorker(RunId run)
    {
        if (Worker is { } worker && worker.Run == run)
        {
            worker.Stop(() => Stopped(run));
            return;
        }
        if (_preparing?.Run == run)
        {
            _preparing = null;
        }
        Post(TimeSpan.FromMilliseconds(1), () => Stopped(run));
    }

    private void Stopped(RunId run)
    {
        World.Note(Name, "has stopped", run);
        Tell(new WorkerStopped(run));
    }

    /// <summary>Two preparations of one run are two: the first may have been called off.</summary>
    private sealed class Preparation(RunId run)
    {
        public RunId Run => run;
    }
}
