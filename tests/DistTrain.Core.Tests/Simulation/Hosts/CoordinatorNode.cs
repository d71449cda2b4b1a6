using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>The coordinator's process: the cluster's machine and a host for each run that is open.</summary>
internal sealed class CoordinatorNode : Process
{
    private readonly SimCluster _cluster;
    private readonly Disk _disk;
    private readonly ClusterMachine _machine;
    private readonly ClusterChecks _checks;
    private readonly Dictionary<SessionId, Link> _links = [];
    private readonly List<RunHost> _runs = [];

    public CoordinatorNode(World world, SimCluster cluster, Disk disk)
        : base(world, "coordinator")
    {
        (_cluster, _disk) = (cluster, disk);
        _checks = cluster.Checks;
        _checks.OnCoordinatorStarted();
        _machine = new ClusterMachine("c", ++disk.Epoch, new FailureDetectorOptions(), disk.Records);
    }

    public TimeSpan ClockNow => Clock;

    public IReadOnlyList<JobRecord> Jobs => _machine.Jobs;

    public bool HasLeaving => _machine.Members.Any(member => member.IsLeaving);

    public void Begin()
    {
        Do(effects => _machine.Start(Clock, effects));
        Post(TickEvery, OnTick);
    }

    public void Tell(IMessage message) => Do(effects => _machine.Handle(message, Clock, effects));

    public void OnConnected(Link link) => _links[link.Session] = link;

    public void OnSessionClosed(Link link, string reason)
    {
        _links.Remove(link.Session);
        Tell(new SessionClosed(link.Session, reason));
    }

    public void OnMessage(Link link, IMessage message)
    {
        switch (message)
        {
            case GradientPayload payload:
                Find(payload.Run)?.OnWorkerMessage(link, payload);
                break;
            case RunMessage within:
                Find(within.Run)?.OnWorkerMessage(link, within.Message);
                break;
            default:
                Tell(new FromNode(link.Session, message));
                break;
        }
    }

    public void Send(Link link, IMessage message)
    {
        if (_links.GetValueOrDefault(link.Session) == link)
        {
            link.SendDown(message);
        }
    }

    public void OnRunEnded(RunHost run, RunOutcome outcome)
    {
        _runs.Remove(run);
        Tell(new RunEnded(run.Run, outcome.Status, outcome.Reason));
    }

    protected override void OnKilled(bool silently)
    {
        _runs.ForEach(run => run.OnKilled());
        foreach (Link link in _links.Values)
        {
            link.CoordinatorCloses(silently);
        }
        _cluster.OnCoordinatorGone();
    }

    private RunHost? Find(RunId run) => _runs.Find(host => host.Run == run);

    private void OnTick()
    {
        Tell(new Tick());
        foreach (RunHost run in _runs.ToArray())
        {
            run.Handle(new RunTick());
        }
        Post(TickEvery, OnTick);
    }

    private void Do(Action<List<Effect>> handle)
    {
        List<Effect> effects = [];
        handle(effects);
        foreach (Effect effect in World.Mutation.FromCluster(effects))
        {
            if (IsAlive && World.Chance.OneIn(_cluster.CrashBetweenEffectsOneIn))
            {
                World.Census.Count(FaultKind.CoordinatorKilledBetweenEffects);
                Kill(silently: false);
            }
            if (!IsAlive)
            {
                return;
            }
            if (effect is not SendToNode)
            {
                World.Note(Name, "does", effect);
            }
            Perform(effect);
            if (World.Mutation.RumourAfter(effect) is { } rumour)
            {
                Post(TimeSpan.Zero, () => Tell(rumour));
            }
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case SendToNode send:
                _checks.OnSend(send, _links.GetValueOrDefault(send.Session));
                _links.GetValueOrDefault(send.Session)?.SendDown(send.Message);
                break;
            case CloseSession close:
                if (_links.Remove(close.Session, out Link? link))
                {
                    link.CoordinatorCloses();
                }
                break;
            case PersistJob persist:
                if (_disk.Write(persist.Job))
                {
                    _checks.OnPersisted(persist.Job);
                }
                else
                {
                    Kill(silently: false);
                }
                break;
            case OpenRun open:
                _checks.OnOpen(open.Run, _runs);
                Post(TimeSpan.FromMilliseconds(10) + World.Chance.Exponential(0.03), () => Open(open.Run));
                break;
            case TellRun tell:
                TellRun(tell);
                break;
            case Reply reply:
                _checks.OnReply(reply);
                break;
            case ShutdownReady:
                World.Demand(_runs.Count == 0, "it is ready to go down while a run is open");
                World.Census.Count(FaultKind.CoordinatorWentDown);
                Kill(silently: false);
                break;
            default:
                break;
        }
    }

    private void Open(RunId run)
    {
        _runs.Add(new RunHost(World, this, _disk, run, _cluster.JobOf(run.Job)));
        Tell(new RunOpened(run, run.Job.Name, new RunInputs("none", [], null)));
    }

    private void TellRun(TellRun tell)
    {
        RunHost? run = Find(tell.Run);
        if (tell.Message is WorkerJoined joined)
        {
            Member member = _machine.Members.First(member => member.Node.Actor == joined.Worker);
            World.Demand(run is not null, $"{joined.Worker} is told to {tell.Run}, which is not open");
            if (_links.TryGetValue(member.Session, out Link? link))
            {
                run!.Connect(joined.Worker, link);
            }
        }
        run?.Handle(tell.Message);
    }
}
