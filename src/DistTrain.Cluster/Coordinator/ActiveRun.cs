using DistTrain.Cluster.Hosting;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Membership;
using DistTrain.Core.Sharding;
using DistTrain.Core.State;
using DistTrain.Net.Links;
using DistTrain.Runs;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Summaries;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// One attempt at a job while it lasts: its coordinator machine as an actor, its tensors, its files, and both
/// directions of its data plane.
/// </summary>
internal sealed class ActiveRun : IRunOwner
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);
    private readonly OpenedRun _opened;
    private readonly NodeHost _host;
    private readonly TimeProvider _time;
    private readonly Action<IMessage> _tellCluster;
    private readonly WeightsOutbox _outbox;
    private readonly IRunWatch? _watch;
    private readonly Throughput _throughput = new();
    private readonly long _start;
    private IDisposable? _ticks;

    /// <param name="opened">What it is made of; owned from now on.</param>
    /// <param name="host">Where its actor lives.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tellCluster">Tells the cluster's machine.</param>
    /// <param name="watch">Measures it, and is disposed at its end; null: nobody does.</param>
    public ActiveRun(
        OpenedRun opened, NodeHost host, TimeProvider time, Action<IMessage> tellCluster, IRunWatch? watch)
    {
        (_opened, _host, _time, _tellCluster, _watch) = (opened, host, time, tellCluster, watch);
        Inbox = new GradientInbox(
            new ReductionTree(opened.Job.Batch.Shards), opened.State.Layout.TotalCount, opened.Progress.Step);
        _outbox = new WeightsOutbox(opened.Run, opened.State, Inbox);
        _start = time.GetTimestamp();
    }

    public RunId Id => _opened.Run;

    public JobSpec Job => _opened.Job;

    public ActorId Actor => ActorOf(Id);

    public GradientInbox Inbox { get; }

    public static ActorId ActorOf(RunId run) => new($"run {run}");

    /// <summary>Starts the machine; it waits for its first workers.</summary>
    /// <param name="threads">That sum and update.</param>
    /// <param name="free">Nodes that belong to no run, and so to this one soon; told to observers.</param>
    public void Start(int threads, int free)
    {
        OpenedRun run = _opened;
        var tree = new ReductionTree(run.Job.Batch.Shards);
        var aggregator = new CarefulAggregator(
            new TreeAggregator(
                run.State, source => Inbox[source.Buffer], tree,
                new PoolCrew(run.State.Layout.TotalCount, threads)),
            _outbox, Inbox);
        TrainingPlan plan = run.Plan;
        var started = new RunStarted(
            run.Job, Math.Max(run.Job.Workers.Min, Math.Min(free, run.Job.Workers.Max)),
            plan.StepsPerEpoch, plan.TrainingSamples, plan.ValidationSamples,
            run.State.Layout.ParameterCount, run.Engine, run.Progress.Step > 0 ? run.Progress.Step : null);
        run.Observer.OnStarted(started);
        _watch?.OnStarted(started);
        var machine = new CoordinatorMachine(run.Job, plan, run.Progress, run.Job.Workers.Min);
        IRunObserver[] watched = _watch is null ? [] : [_watch];
        var observer = new ObserverList([run.Files.Observer, run.Observer, _throughput, .. watched]);
        _host.Start(Actor, ActorPlacement.Shared, () => new CoordinatorActor(
            Actor, _host, machine, run.State, aggregator, _outbox, run.Files, observer, _time,
            // A link's read loop may have come here with a message, and must not wait for a disk.
            work => ThreadPool.UnsafeQueueUserWorkItem(_ => work(), null), this));
        _ticks = _host.Every(TickEvery, Actor, new RunTick());
    }

    /// <summary>A message for its machine.</summary>
    public void Deliver(IMessage message) => _host.Tell(Actor, message);

    /// <summary>A worker that is ready: orders and weights reach it from now on.</summary>
    public void Join(WorkerJoined joined, ILink link)
    {
        RunId run = Id;
        _outbox.Add(joined.Worker, link);
        _host.Attach(joined.Worker, message => link.TrySend(new RunMessage(run, message)));
        Deliver(joined);
    }

    /// <summary>A worker that is gone, or will be: nothing reaches it any more.</summary>
    public void Part(ActorId worker, string reason)
    {
        _outbox.Remove(worker);
        _host.Detach(worker, reason);
    }

    public void OnWorkerReleased(ActorId worker)
    {
        Part(worker, "it left");
        _tellCluster(new RunReleasedWorker(Id, new NodeId(worker.Name)));
    }

    public void OnFinished(RunOutcome outcome)
        => ThreadPool.UnsafeQueueUserWorkItem(_ => Close(outcome), null);

    private void Close(RunOutcome outcome)
    {
        _ticks?.Dispose();
        _watch?.Dispose();
        (RunStatus status, string reason) = (outcome.Status, outcome.Reason);
        string result;
        using (_opened.Files)
        {
            var closing = new RunClosing(
                _opened.Job, _opened.Classes, _opened.Directory, _opened.State, outcome,
                _throughput.SamplesPerSecond, _time.GetElapsedTime(_start));
            result = SummaryWriter.ToLine(closing.Summary);
            // A run that was interrupted goes on later; only one that is over leaves files.
            if (status != RunStatus.Interrupted)
            {
                string? lost = null;
                bool written = closing.Write(_opened.Files, warning =>
                {
                    lost = warning;
                    _opened.Observer.OnNotice(warning);
                });
                (status, reason) = written ? (status, reason) : (RunStatus.Failed, lost!);
            }
        }
        _ = _host.StopAsync(Actor);
        _outbox.WhenIdle(() =>
        {
            Inbox.Dispose();
            _opened.State.Dispose();
        });
        _tellCluster(new RunClosed(Id, result));
        _tellCluster(new RunEnded(Id, status, reason));
    }
}

/// <summary>Everything about a run is on disk; told to the cluster's actor before RunEnded.</summary>
/// <param name="Run">Which.</param>
/// <param name="Result">The result object as a line of JSON.</param>
internal sealed record RunClosed(RunId Run, string Result) : IMessage;
