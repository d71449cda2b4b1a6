using DistTrain.Cluster.Hosting;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// Starts and stops the one worker actor of a node. Preparing takes long and happens aside; a stop that comes
/// meanwhile takes effect as soon as what was prepared is there. Called from the node actor's mailbox, but
/// for <see cref="Part"/>.
/// </summary>
internal sealed class WorkerKeeper(
    WorkerNodeOptions options, NodeHost host, IEngine engine, RunPreparation preparation)
{
    private readonly ActorId _worker = new(options.Name);
    private volatile WorkerRun? _part;
    private Pending? _pending;

    /// <summary>The run whose worker lives here; read by the link's read loop as well.</summary>
    public WorkerRun? Part => _part;

    public void Start(PrepareRun order, ILink link, CancellationToken life)
    {
        var pending = new Pending(order.Run, CancellationTokenSource.CreateLinkedTokenSource(life));
        _pending = pending;
        _ = Task.Run(() => PrepareAsync(pending, order, link));
    }

    public void Stop(RunId run)
    {
        if (_part is { } part && part.Run == run)
        {
            _part = null;
            StopAside(part);
        }
        else if (_pending is { } pending && pending.Run == run)
        {
            pending.StopWanted = true;
            pending.Cancellation.Cancel();
        }
        else
        {
            host.Tell(NodeActor.Id, new WorkerStopped(run));
        }
    }

    /// <summary>
    /// Turns what preparing and dying report into what the machine is told; null: nothing.
    /// </summary>
    public IMessage? Translate(IMessage message)
    {
        switch (message)
        {
            case Prepared prepared:
                bool stopWanted = _pending!.StopWanted;
                _pending = null;
                if (stopWanted)
                {
                    StopAside(prepared.Part);
                    return null;
                }
                _part = prepared.Part;
                host.Watch(NodeActor.Id, _worker);
                return new RunPreparationEnded(prepared.Part.Run, null);
            case NotPrepared failed:
                bool wanted = !_pending!.StopWanted;
                _pending = null;
                if (failed.Fault is DeviceFaultException lost)
                {
                    return new DeviceFailed(lost.Message);
                }
                return wanted
                    ? new RunPreparationEnded(failed.Run, failed.Fault.Message)
                    : new WorkerStopped(failed.Run);
            case ActorStopped stopped:
                if (_part is not { } part)
                {
                    // It was stopped, and who stopped it tells the machine.
                    return null;
                }
                _part = null;
                StopAside(part);
                if (stopped.Fault is DeviceFaultException broken)
                {
                    return new DeviceFailed(broken.Message);
                }
                options.Say($"the worker failed: {stopped.Fault?.Message ?? "it stopped by itself"}");
                return null;
            default:
                return message;
        }
    }

    private void StopAside(WorkerRun part)
    {
        _ = Task.Run(async () =>
        {
            await part.StopAsync();
            host.Tell(NodeActor.Id, new WorkerStopped(part.Run));
        });
    }

    private async Task PrepareAsync(Pending pending, PrepareRun order, ILink link)
    {
        try
        {
            PreparedInputs inputs =
                await preparation.PrepareAsync(order, link, Notice, pending.Cancellation.Token);
            WorkerRun part = await WorkerRun.StartAsync(
                order.Run, host, _worker, link, inputs, engine, options.Device, options.Time, options.Watch);
            host.Tell(NodeActor.Id, new Prepared(part));
        }
        catch (Exception e) when (e is DistTrainException or OperationCanceledException or IOException
            or UnauthorizedAccessException or InvalidDataException or OutOfMemoryException)
        {
            host.Tell(NodeActor.Id, new NotPrepared(order.Run, e));
        }
        finally
        {
            pending.Cancellation.Dispose();
        }

        void Notice(string text)
        {
            options.Say(text);
            link.TrySend(new NodeNotice(text));
        }
    }

    private sealed class Pending(RunId run, CancellationTokenSource cancellation)
    {
        public RunId Run { get; } = run;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public bool StopWanted { get; set; }
    }

    private sealed record Prepared(WorkerRun Part) : IMessage;

    private sealed record NotPrepared(RunId Run, Exception Fault) : IMessage;
}
