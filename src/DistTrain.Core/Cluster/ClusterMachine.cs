using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>
/// The coordinator node's decisions: who belongs to the cluster, and which job gets whom. One message at a
/// time in, effects out; messages within a run go past it.
/// <code>
///   node:  RegisterNode ─► member, idle ─► lent to a run (RunLeases) ─► idle … ─► LeaveReply, gone
///   job:   queued ─► attempt on disk ─► OpenRun ─► RunOpened ─► workers join, leave ─► RunEnded ─► record
/// </code>
/// Invariants: a node is in one run at most, and is given away only when it has said that its part in the
/// last one is over, or its session is gone; an attempt's number is used once, and a record is on disk before
/// anything that follows from it; a message changes something at most once, whenever and however often it
/// comes.
/// </summary>
public sealed class ClusterMachine
{
    private const string GoingDown = "the coordinator is going down";

    private readonly ClusterState _state;
    private readonly RunLeases _leases;
    private readonly RunAnswers _answers;
    private readonly RunLife _life;
    private readonly Registration _registration;
    private readonly Departures _departures;
    private readonly CommandDesk _commands;
    private readonly Scheduler _scheduler;
    private bool _readyToGo;

    /// <param name="cluster">Drawn once for a state directory.</param>
    /// <param name="epoch">Number of this start of the coordinator.</param>
    /// <param name="detector">Timing of the failure detector.</param>
    /// <param name="jobs">What is on disk; runs that were under way are queued again.</param>
    public ClusterMachine(
        string cluster, long epoch, FailureDetectorOptions detector, IReadOnlyList<JobRecord> jobs)
    {
        _state = new ClusterState(cluster, epoch, detector, jobs);
        _leases = new RunLeases(_state);
        _answers = new RunAnswers(_state);
        _life = new RunLife(_state, _leases);
        _registration = new Registration(_state, _leases);
        _departures = new Departures(_state, _leases);
        _commands = new CommandDesk(_state, _life, _departures);
        _scheduler = new Scheduler(_state, _leases, _life, _registration);
    }

    /// <summary>Every job, by order of submission.</summary>
    public IReadOnlyList<JobRecord> Jobs => _state.Jobs.All;

    /// <summary>Every node that belongs to the cluster, by name.</summary>
    public IReadOnlyList<Member> Members
        => [.. _state.Members.InOrder.Select(entry => entry.View)
            .OrderBy(member => member.Node.Name, StringComparer.Ordinal)];

    /// <summary>Nodes that have gone of late and not come back, oldest first.</summary>
    public IReadOnlyList<Departed> Departed => [.. _state.Departed.InOrder];

    /// <summary>To be called once, before anything is handled.</summary>
    public void Start(TimeSpan now, List<Effect> effects)
    {
        _state.Detector.Observe(now);
        foreach (JobRecord job in _state.Jobs.All)
        {
            JobRecord found = JobLifecycle.AfterCrash(job);
            if (found != job)
            {
                _state.Jobs.Update(found, effects);
                effects.Add(new ClusterNotice(
                    $"{job.Id} is {JobLifecycle.Word(found.State)}: {found.Reason}", job.Id));
            }
        }
        Settle(now, effects);
    }

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    /// <param name="message">Of ClusterMessages.cs; others are dropped.</param>
    /// <param name="now">Time since any fixed moment; never goes back.</param>
    /// <param name="effects">Receives what is to be done.</param>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        _state.Detector.Observe(now);
        switch (message)
        {
            case FromNode { Message: RegisterNode registration } from:
                _registration.Register(from.Session, registration, now, effects);
                break;
            case FromNode from:
                if (_registration.Hear(from.Session, now, effects) is { } entry)
                {
                    OnNode(entry, from.Message, now, effects);
                }
                break;
            case SessionClosed closed:
                _registration.OnClosed(closed, now, effects);
                break;
            case NodeSuspected suspected:
                _registration.OnSuspected(suspected, effects);
                break;
            case Tick:
                _registration.Sweep(now, effects);
                _leases.Repeat(now, effects);
                break;
            case RunOpened opened:
                _life.OnOpened(opened, now, effects);
                break;
            case RunNotOpened failed:
                _life.OnNotOpened(failed, now, effects);
                break;
            case RunEnded ended:
                _life.OnEnded(ended, now, effects);
                break;
            case RunReleasedWorker released:
                _leases.OnLetGo(released, now, effects);
                break;
            case ShutdownRequested:
                Close(now, effects);
                break;
            default:
                _commands.Handle(message, now, effects);
                break;
        }
        Settle(now, effects);
    }

    private void OnNode(MemberEntry entry, IMessage message, TimeSpan now, List<Effect> effects)
    {
        string? breach = null;
        switch (message)
        {
            case RunPrepared prepared:
                _answers.OnPrepared(entry, prepared, effects);
                break;
            case RunRefused refused:
                breach = _answers.OnRefused(entry, refused, effects);
                break;
            case RunReleased released:
                breach = _answers.OnReleased(entry, released);
                break;
            case LeaveRequest:
                _departures.Begin(entry, now, effects);
                break;
            case NodeNotice notice:
                effects.Add(new ClusterNotice($"{entry.Node}: {notice.Text}", entry.Lease?.Run.Job));
                break;
            default:
                break;
        }
        if (breach is not null)
        {
            _registration.Remove(entry, breach, close: true, now, effects);
        }
    }

    private void Close(TimeSpan now, List<Effect> effects)
    {
        _state.IsClosing = true;
        foreach (ActiveRun run in _state.Runs.InOrder)
        {
            _life.RequestStop(run, GoingDown, now, effects);
        }
    }

    /// <summary>What follows from any message: idle nodes are lent, leaving ones let go.</summary>
    private void Settle(TimeSpan now, List<Effect> effects)
    {
        _scheduler.Run(now, effects);
        _departures.SeeOff(now, effects);
        if (_state.IsClosing && !_readyToGo && _state.Runs.InOrder.Count == 0)
        {
            _readyToGo = true;
            effects.Add(new ShutdownReady());
        }
    }
}
