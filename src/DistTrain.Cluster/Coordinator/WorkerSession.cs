using DistTrain.Cluster.Inputs;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// The coordinator's end of a worker's link: messages of a run go to that run's actor, gradients into its
/// inbox, requests for files to the shelf, everything else to the cluster's machine.
/// </summary>
internal sealed class WorkerSession(
    SessionId id, ILink link, Func<RunId, ActiveRun?> runs, FileShelf shelf, Action<IMessage> tellCluster)
    : ILinkHandler
{
    private readonly ActorId _worker = new(link.Peer.Name);
    private (ActiveRun Run, int Slot)? _arriving;

    public SessionId Id => id;

    public ILink Link => link;

    public void OnMessage(IMessage message)
    {
        switch (message)
        {
            case RunMessage ofRun:
                CheckSender(ofRun.Message);
                runs(ofRun.Run)?.Deliver(ofRun.Message);
                break;
            case FilePieceRequest request:
                shelf.Send(link, request);
                break;
            case RegisterNode register when register.Node.Actor != _worker:
                throw new ProtocolFaultException($"{_worker} calls itself {register.Node}");
            default:
                tellCluster(new FromNode(id, message));
                break;
        }
    }

    public ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
    {
        if (announcement is not RunMessage { Message: SubtreeReady ready } ofRun)
        {
            throw new ProtocolFaultException($"no payload goes with {announcement.GetType().Name} here");
        }
        CheckSender(ready);
        ActiveRun? run = runs(ofRun.Run);
        _arriving = run?.Inbox.Begin(ready, bytes) is { } slot ? (run, slot) : null;
        return ValueTask.FromResult<Payload?>(
            _arriving is { } arriving ? arriving.Run.Inbox.Destination(arriving.Slot) : null);
    }

    public void OnPayloadReceived(IMessage announcement)
    {
        (ActiveRun run, int slot) = _arriving!.Value;
        _arriving = null;
        run.Inbox.End(slot, complete: true);
        var ready = (SubtreeReady)((RunMessage)announcement).Message;
        run.Deliver(ready with { Buffer = slot });
    }

    public void OnClosed(string reason)
    {
        if (_arriving is { } arriving)
        {
            arriving.Run.Inbox.End(arriving.Slot, complete: false);
        }
        tellCluster(new SessionClosed(id, reason));
    }

    /// <summary>A worker speaks for itself alone, and only of what workers speak of.</summary>
    private void CheckSender(IMessage message)
    {
        ActorId? sender = message switch
        {
            SubtreeReady ready => ready.Worker,
            ChunksEvaluated evaluated => evaluated.Worker,
            WorkFailed failed => failed.Worker,
            _ => null,
        };
        if (sender != _worker)
        {
            throw new ProtocolFaultException(
                $"{_worker} sent {message.GetType().Name} in the name of {sender}");
        }
    }
}
