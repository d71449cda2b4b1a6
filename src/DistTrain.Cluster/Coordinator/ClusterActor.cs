using System.Collections.Concurrent;
using DistTrain.Cluster.Hosting;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Coordinator;

/// <summary>Runs the coordinator node's machine: performs its effects and decides nothing.</summary>
internal sealed class ClusterActor : IActor
{
    public static readonly ActorId Id = new("cluster");
    private readonly CoordinatorNodeOptions _options;
    private readonly NodeHost _host;
    private readonly ClusterMachine _machine;
    private readonly JobShelf _jobs;
    private readonly RunOpener _opener;
    private readonly ClusterLog _log;
    private readonly Action<Exception?> _ended;
    private readonly MemberChanges? _changes;
    private readonly long _start;
    private readonly List<Effect> _effects = [];
    private readonly ConcurrentDictionary<RunId, ActiveRun> _runs;
    private readonly ConcurrentDictionary<SessionId, ILink> _links;
    private readonly Dictionary<RequestId, TaskCompletionSource<CommandResult>> _requests = [];
    private long _lastRequest;

    /// <param name="options">What the node was told at its start.</param>
    /// <param name="host">Where it lives.</param>
    /// <param name="machine">Decides.</param>
    /// <param name="jobs">Records and events of all jobs.</param>
    /// <param name="opener">Opens runs.</param>
    /// <param name="runs">Those that are open; read by the links as well.</param>
    /// <param name="links">Of the sessions there are.</param>
    /// <param name="log">The cluster's own log.</param>
    /// <param name="ended">null: everything is saved; else a fault of the program, or of its disk.</param>
    public ClusterActor(
        CoordinatorNodeOptions options, NodeHost host, ClusterMachine machine, JobShelf jobs,
        RunOpener opener, ConcurrentDictionary<RunId, ActiveRun> runs,
        ConcurrentDictionary<SessionId, ILink> links, ClusterLog log, Action<Exception?> ended)
    {
        (_options, _host, _machine, _jobs, _opener) = (options, host, machine, jobs, opener);
        (_runs, _links, _log, _ended) = (runs, links, log, ended);
        _changes = options.Watch is { } watch ? new MemberChanges(watch) : null;
        _start = options.Time.GetTimestamp();
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_start);

    public void Started()
    {
        _machine.Start(Now, _effects);
        PerformAll();
    }

    public void Receive(IMessage message)
    {
        switch (message)
        {
            case Inspect inspect:
                inspect.Look(_machine, Now);
                return;
            case Ask ask:
                var request = new RequestId(++_lastRequest);
                _requests[request] = ask.Answer;
                message = ask.Command(request);
                break;
            case Opened opened:
                _runs[opened.Run.Id] = opened.Run;
                _host.Watch(Id, opened.Run.Actor);
                int free = _machine.Members.Count(member => member.Run is null);
                opened.Run.Start(_options.Threads, free);
                message = new RunOpened(opened.Run.Id, opened.JobJson, opened.Inputs);
                break;
            case RunClosed closed:
                _runs.TryRemove(closed.Run, out _);
                _jobs.Close(closed.Run.Job, closed.Result);
                return;
            case ActorStopped { Fault: { } fault }:
                _ended(fault);
                return;
            default:
                break;
        }
        _effects.Clear();
        _machine.Handle(message, Now, _effects);
        PerformAll();
        if (_changes is not null && _effects.Exists(effect => effect is ClusterNotice))
        {
            _changes.Look(_machine.Members);
        }
    }

    public void Dispose() { }

    private void PerformAll()
    {
        try
        {
            foreach (Effect effect in _effects)
            {
                Perform(effect);
            }
        }
        catch (RunFaultException fault)
        {
            // What cannot be written cannot be promised: a successor must not find less than was said.
            _ended(fault);
            foreach (TaskCompletionSource<CommandResult> waiting in _requests.Values)
            {
                waiting.TrySetException(fault);
            }
            _requests.Clear();
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case SendToNode send:
                _links.GetValueOrDefault(send.Session)?.TrySend(send.Message);
                break;
            case CloseSession close:
                _links.GetValueOrDefault(close.Session)?.Close(close.Reason);
                break;
            case PersistJob persist:
                if (_jobs.Save(persist.Job))
                {
                    _options.Watch?.OnJob(persist.Job.Id, persist.Job.State);
                }
                break;
            case OpenRun open:
                ThreadPool.UnsafeQueueUserWorkItem(_ => OpenAside(open.Run), null);
                break;
            case TellRun tell:
                Tell(tell);
                break;
            case Reply reply:
                _requests.Remove(reply.Request, out TaskCompletionSource<CommandResult>? answer);
                answer?.SetResult(reply.Result);
                break;
            case ClusterNotice notice:
                _log.Write(notice.Text);
                if (notice.Job is { } job)
                {
                    _jobs.ObserverOf(job).OnNotice(notice.Text);
                }
                break;
            case ShutdownReady:
                _ended(null);
                break;
            default:
                throw new InvalidOperationException($"a coordinator cannot perform {effect.GetType().Name}");
        }
    }

    private void Tell(TellRun tell)
    {
        if (!_runs.TryGetValue(tell.Run, out ActiveRun? run))
        {
            return;
        }
        switch (tell.Message)
        {
            case WorkerJoined joined:
                Member? member = _machine.Members.FirstOrDefault(one => one.Node.Actor == joined.Worker);
                if (member is not null && _links.TryGetValue(member.Session, out ILink? link))
                {
                    run.Join(joined, link);
                }
                break;
            case WorkerLost lost:
                run.Part(lost.Worker, lost.Reason);
                run.Deliver(lost);
                break;
            default:
                run.Deliver(tell.Message);
                break;
        }
    }

    private void OpenAside(RunId id)
    {
        try
        {
            OpenedRun opened = _opener.Open(id, _jobs.Find(id.Job), _jobs.ObserverOf(id.Job));
            var run = new ActiveRun(
                opened, _host, _options.Time, message => _host.Tell(Id, message), _options.Watch?.OnRun(id));
            _host.Tell(Id, new Opened(run, Core.Jobs.JobWriter.Write(opened.Job), opened.Inputs));
        }
        catch (Exception e) when (e is DistTrainException or IOException or UnauthorizedAccessException
            or OutOfMemoryException)
        {
            _host.Tell(Id, new RunNotOpened(id, e.Message));
        }
    }

    private sealed record Opened(ActiveRun Run, string JobJson, RunInputs Inputs) : IMessage;
}

/// <summary>Looks at the machine between two messages.</summary>
internal sealed record Inspect(Action<ClusterMachine, TimeSpan> Look) : IMessage;

/// <summary>A command and whoever waits for its answer.</summary>
internal sealed record Ask(
    Func<RequestId, IMessage> Command, TaskCompletionSource<CommandResult> Answer) : IMessage;
