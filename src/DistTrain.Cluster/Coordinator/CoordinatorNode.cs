using System.Collections.Concurrent;
using System.Net;
using DistTrain.Api;
using DistTrain.Cluster.Hosting;
using DistTrain.Cluster.Inputs;
using DistTrain.Cluster.Store;
using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// A coordinator node: holds its state directory, listens for workers, runs the queue of jobs.
/// </summary>
public sealed class CoordinatorNode : IAsyncDisposable
{
    /// <summary>Often enough for the shortest heartbeat.</summary>
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    private readonly StateDirectory _state;
    private readonly NodeHost _host;
    private readonly JobShelf _jobs;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<SessionId, ILink> _links = new();
    private readonly ConcurrentDictionary<RunId, ActiveRun> _runs = new();
    private readonly FileShelf _shelf = new();
    private readonly LinkListener _listener;
    private readonly IDisposable _ticks;
    private long _lastSession;

    private CoordinatorNode(CoordinatorNodeOptions options, StateDirectory state)
    {
        _state = state;
        _host = new NodeHost(options.Host(options.Time));
        var log = new ClusterLog(options.Say, options.Time);
        _jobs = new JobShelf(new JobStore(state, options.Time), options.Time, log.Write, options.Told);
        var machine = new ClusterMachine(
            state.Identity.Id, state.Identity.Epoch, options.Detector, _jobs.LoadAll());
        _host.Start(ClusterActor.Id, ActorPlacement.Shared, () => new ClusterActor(
            options, _host, machine, _jobs, new RunOpener(options, _shelf), _runs, _links, log, OnEnded));
        _listener = LinkListener.Start(
            options.Listen, options.Link, options.Reception(Accept), log.Write, options.Time);
        _ticks = _host.Every(TickEvery, ClusterActor.Id, new Tick());
        var blank = new ClusterView
        {
            Id = state.Identity.Id,
            Epoch = state.Identity.Epoch,
            Version = options.Link.Version,
            Listen = _listener.Endpoint.ToString(),
            Started = options.Time.GetUtcNow(),
            Nodes = [],
            Jobs = [],
            Log = [],
        };
        Control = new CoordinatorControl(_host, _jobs, new ClusterSight(_host, _jobs, _links, log, blank));
    }

    /// <summary>What the API offers.</summary>
    public IClusterControl Control { get; }

    /// <summary>Where workers connect.</summary>
    public IPEndPoint Endpoint => _listener.Endpoint;

    /// <summary>
    /// Completes when a shutdown that was asked for is done; faults when the coordinator cannot go on.
    /// </summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes the state directory, takes up what is in it, and listens.</summary>
    /// <exception cref="Core.UserFaultException">
    /// The directory is another coordinator's or damaged, or the address cannot be listened on.
    /// </exception>
    public static CoordinatorNode Start(CoordinatorNodeOptions options)
        => On(StateDirectory.Open(options.StateDirectory), options);

    /// <summary>The same; null: another coordinator has the state directory.</summary>
    /// <exception cref="Core.UserFaultException">
    /// The directory is damaged, or the address cannot be listened on.
    /// </exception>
    public static CoordinatorNode? TryStart(CoordinatorNodeOptions options)
        => StateDirectory.TryOpen(options.StateDirectory) is { } state ? On(state, options) : null;

    /// <summary>
    /// Running jobs finish their step and save; <see cref="Ended"/> completes once they have.
    /// </summary>
    public void RequestShutdown() => _host.Tell(ClusterActor.Id, new ShutdownRequested());

    /// <summary>Whoever watches over nodes besides cannot reach this one.</summary>
    public void Suspect(NodeId node, string reason)
        => _host.Tell(ClusterActor.Id, new NodeSuspected(node, reason));

    public async ValueTask DisposeAsync()
    {
        _ticks.Dispose();
        await _listener.DisposeAsync();
        foreach (ILink link in _links.Values)
        {
            link.Close("the coordinator is going down");
            await link.DisposeAsync();
        }
        await _host.DisposeAsync();
        await _jobs.DisposeAsync();
        _state.Dispose();
    }

    private static CoordinatorNode On(StateDirectory state, CoordinatorNodeOptions options)
    {
        try
        {
            return new CoordinatorNode(options, state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private WorkerSession Accept(ILink link)
    {
        var id = new SessionId(Interlocked.Increment(ref _lastSession));
        _links[id] = link;
        return new WorkerSession(id, link, run => _runs.GetValueOrDefault(run), _shelf, message =>
        {
            if (message is SessionClosed)
            {
                _links.TryRemove(id, out _);
            }
            _host.Tell(ClusterActor.Id, message);
        });
    }

    private void OnEnded(Exception? fault)
    {
        if (fault is null)
        {
            _ended.TrySetResult();
        }
        else
        {
            _ended.TrySetException(fault);
        }
    }
}
