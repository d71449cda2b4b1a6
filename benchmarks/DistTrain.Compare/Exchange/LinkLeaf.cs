using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Compare.Exchange;

/// <summary>A worker's part in an exchange over real links: answers weights with its gradient.</summary>
internal sealed class LinkLeaf : ILinkHandler, IDisposable
{
    private readonly int _worker;
    private readonly ILink _link;
    private readonly NativeBuffer<float> _weights;
    private readonly NativeBuffer<float> _gradient;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LinkLeaf(int worker, int floats, ILink link)
    {
        (_worker, _link) = (worker, link);
        _weights = new NativeBuffer<float>(floats);
        _gradient = new NativeBuffer<float>(floats);
        _gradient.Span.Fill(worker + 1);
    }

    /// <summary>Takes part until the other end closes the link.</summary>
    public static async Task RunAsync(int worker, int port, int floats)
    {
        LinkLeaf? leaf = null;
        await using ILink link = await LinkConnector.ConnectAsync(
            "127.0.0.1", port, LinkHub.OptionsOf($"worker-{worker}"),
            link => leaf = new LinkLeaf(worker, floats, link), CancellationToken.None);
        await leaf!._closed.Task;
        await link.DisposeAsync();
        leaf.Dispose();
    }

    public void OnMessage(IMessage message) { }

    public ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
        => ValueTask.FromResult<Payload?>(Payload.Of(_weights));

    public void OnPayloadReceived(IMessage announcement)
    {
        var ready = new SubtreeReady(
            new ActorId($"worker-{_worker}"), ((WeightsSent)announcement).Version, LinkHub.NodeOf(_worker), 0,
            [new ShardResult(0, 0, 1)]);
        _link.TrySend(new RunMessage(LinkHub.Run, ready), Payload.Of(_gradient), _ => { });
    }

    public void OnClosed(string reason) => _closed.TrySetResult();

    public void Dispose()
    {
        _weights.Dispose();
        _gradient.Dispose();
    }
}
