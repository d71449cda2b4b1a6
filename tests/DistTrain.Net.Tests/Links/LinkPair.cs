using System.Net;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

/// <summary>Two ends of a link, each with its handler.</summary>
internal sealed class LinkPair(
    ILink left, RecordingHandler atLeft, ILink right, RecordingHandler atRight, LinkListener? listener)
    : IAsyncDisposable
{
    private bool _disposed;

    public ILink Left => left;

    public ILink Right => right;

    public RecordingHandler AtLeft => atLeft;

    public RecordingHandler AtRight => atRight;

    public static LinkOptions Options(string name)
        => new() { Name = name, Version = "1.2.3", Token = "secret" };

    public static LinkPair InMemory(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight)
    {
        var (one, other) = MemoryLink.Pair(left, _ => atLeft, right, _ => atRight);
        return new LinkPair(one, atLeft, other, atRight, null);
    }

    /// <summary>The left end connects, the right end listens.</summary>
    public static async Task<LinkPair> OverTcpAsync(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight)
    {
        var accepted = new TaskCompletionSource<ILink>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = LinkListener.Start(new IPEndPoint(IPAddress.Loopback, 0), right, link =>
        {
            accepted.SetResult(link);
            return atRight;
        }, _ => { });
        var connected = await LinkConnector.ConnectAsync(
            "127.0.0.1", listener.Endpoint.Port, left, _ => atLeft, CancellationToken.None);
        return new LinkPair(
            connected, atLeft, await accepted.Task.WaitAsync(Patience.Limit), atRight, listener);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        await left.DisposeAsync();
        await right.DisposeAsync();
        if (listener is not null)
        {
            await listener.DisposeAsync();
        }
        atLeft.Dispose();
        atRight.Dispose();
    }
}
