using DistTrain.Cluster.Inputs;
using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// A worker node's end of its link: orders go to the worker of the run they belong to, weights into its
/// parameters, pieces of files into the cache, everything else to the node's machine.
/// </summary>
/// <param name="fetcher">Takes pieces of files.</param>
/// <param name="run">The run whose worker lives here now.</param>
/// <param name="tellNode">Tells the node's machine; it drops what an older link brings.</param>
internal sealed class CoordinatorLink(
    FileFetcher fetcher, Func<WorkerRun?> run, Action<CoordinatorLink, IMessage> tellNode) : ILinkHandler
{
    private WorkerRun? _receiver;

    public void OnMessage(IMessage message)
    {
        switch (message)
        {
            case RunMessage ofRun:
                RunOf(ofRun.Run)?.Deliver(ofRun.Message);
                break;
            case FilePiece piece:
                fetcher.Fail($"the coordinator has no file with SHA-256 {piece.Sha256} any more");
                break;
            default:
                tellNode(this, message);
                break;
        }
    }

    public async ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
    {
        switch (announcement)
        {
            case WeightsSent weights:
                _receiver = RunOf(weights.Run);
                return _receiver is null ? null : await _receiver.Plane.ReceiveAsync(bytes, cancellation);
            case FilePiece piece:
                return fetcher.Begin(piece, bytes);
            default:
                throw new ProtocolFaultException($"no payload goes with {announcement.GetType().Name} here");
        }
    }

    public void OnPayloadReceived(IMessage announcement)
    {
        if (announcement is WeightsSent weights)
        {
            _receiver!.Plane.Received(weights.Version);
        }
        else
        {
            fetcher.End();
        }
    }

    public void OnClosed(string reason)
    {
        // The run in hand may be another than the one that was receiving: both must know.
        _receiver?.Plane.LinkClosed();
        run()?.Plane.LinkClosed();
        fetcher.Fail($"the link to the coordinator was lost: {reason}");
        tellNode(this, new LinkLost(reason));
    }

    private WorkerRun? RunOf(RunId id) => run() is { } present && present.Run == id ? present : null;
}
