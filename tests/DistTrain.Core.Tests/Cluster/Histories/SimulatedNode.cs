using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>
/// The host of a NodeMachine: a process that can stand still, die and be started again, and its worker.
/// </summary>
internal sealed class SimulatedNode(VirtualTime time, Random random, FaultyNetwork network, string name)
{
    private readonly Queue<IMessage> _mailbox = [];
    private NodeMachine? _machine;
    private SessionId? _session;
    private TimeSpan _stalledUntil;
    private long _incarnation;
    private RunId? _worker;

    public NodeId Id { get; } = new(name);

    public bool IsUp => _machine is not null;

    /// <summary>Says no to a part of what it is asked to prepare.</summary>
    public bool Refuses { get; set; }

    /// <summary>The run it could compute for right now; null: none.</summary>
    public RunId? ActiveRun => _machine?.ActiveRun;

    public void StartProcess()
    {
        if (IsUp)
        {
            return;
        }
        _incarnation = random.NextInt64();
        NodeDescription description = new("cpu", 4, 1L << 30, 10 + random.NextDouble(), "none", "1");
        _machine = new NodeMachine(Id, _incarnation, description);
        List<Effect> effects = [];
        _machine.Start(time.Now, effects);
        Perform(effects);
        TickOn(_incarnation);
    }

    public void Kill()
    {
        _machine = null;
        _worker = null;
        _mailbox.Clear();
        _stalledUntil = default;
        CloseSession();
    }

    public void Stall(TimeSpan length)
    {
        _stalledUntil = time.Now + length;
        long incarnation = _incarnation;
        time.After(length, () => Wake(incarnation));
    }

    /// <summary>The worker's thread ends by a fault.</summary>
    public void KillWorker()
    {
        if (_worker is { } run)
        {
            _worker = null;
            Tell(new WorkerStopped(run));
        }
    }

    public void Leave() => Tell(new LeaveWanted());

    public void LinkLost(SessionId session)
    {
        if (_session == session)
        {
            _session = null;
            Tell(new LinkLost("closed by the coordinator"));
        }
    }

    public void Receive(SessionId session, IMessage message)
    {
        if (_session == session)
        {
            Tell(message);
        }
    }

    private void Tell(IMessage message)
    {
        if (_machine is null)
        {
            return;
        }
        _mailbox.Enqueue(message);
        Wake(_incarnation);
    }

    private void Wake(long incarnation)
    {
        while (incarnation == _incarnation && _machine is { } machine && time.Now >= _stalledUntil
            && _mailbox.TryDequeue(out IMessage? message))
        {
            List<Effect> effects = [];
            machine.Handle(message, time.Now, effects);
            Perform(effects);
        }
    }

    private void TickOn(long incarnation) => time.After(125, () =>
    {
        if (_machine is not null && incarnation == _incarnation)
        {
            if (time.Now >= _stalledUntil)
            {
                Tell(new Tick());
            }
            TickOn(incarnation);
        }
    });

    private void Perform(List<Effect> effects)
    {
        foreach (Effect effect in effects)
        {
            switch (effect)
            {
                case OpenLink:
                    Later(random.Next(1, 30), Connect);
                    break;
                case SendToCoordinator send when _session is { } session:
                    network.ToCoordinator(this, session, send.Message);
                    break;
                case CloseLink:
                    CloseSession();
                    break;
                case StartWorker start:
                    _worker.ShouldBeNull($"{Id} has room for one worker");
                    _worker = start.Order.Run;
                    Later(random.Next(1, 300), () => EndPreparation(start.Order.Run));
                    break;
                case StopWorker stop:
                    // A worker finishes the shard in hand before its thread is gone.
                    Later(random.Next(1, 200), () => EndWorker(stop.Run));
                    break;
                case EndNode:
                    Kill();
                    return;
            }
        }
    }

    private void Connect()
    {
        if (network.CanConnect(this))
        {
            _session = network.Connect(this);
            Tell(new LinkOpened());
        }
        else
        {
            Tell(new LinkFailed("nobody listens", Permanent: false));
        }
    }

    private void EndPreparation(RunId run)
    {
        if (_worker != run)
        {
            return;
        }
        string? error = Refuses && random.Next(3) == 0 ? "its copy of the data differs" : null;
        _worker = error is null ? run : null;
        Tell(new RunPreparationEnded(run, error));
    }

    private void EndWorker(RunId run)
    {
        _worker = _worker == run ? null : _worker;
        Tell(new WorkerStopped(run));
    }

    private void CloseSession()
    {
        if (_session is { } session)
        {
            _session = null;
            network.Close(session, byNode: true);
        }
    }

    private void Later(int milliseconds, Action action)
    {
        long incarnation = _incarnation;
        time.After(milliseconds, () =>
        {
            if (_machine is not null && incarnation == _incarnation)
            {
                action();
            }
        });
    }
}
