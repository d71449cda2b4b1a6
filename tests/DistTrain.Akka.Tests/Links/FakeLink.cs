using System.Collections.Concurrent;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Akka.Tests.Links;

/// <summary>A data link that remembers why it was closed.</summary>
internal sealed class FakeLink(string name) : ILink
{
    public PeerIdentity Peer { get; } = new(name, "0.1", "memory");

    public LinkTraffic Traffic => default;

    public ConcurrentQueue<string> Reasons { get; } = new();

    public bool TrySend(IMessage message) => throw new InvalidOperationException("control goes elsewhere");

    public bool TrySend(
        IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
        bool lendsThread = false) => false;

    public void Close(string reason) => Reasons.Enqueue(reason);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Remembers the messages it heard.</summary>
internal sealed class Heard : ILinkHandler
{
    public ConcurrentQueue<IMessage> Messages { get; } = new();

    public TaskCompletionSource<string> Closed { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void OnMessage(IMessage message) => Messages.Enqueue(message);

    public ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
    {
        Messages.Enqueue(announcement);
        return ValueTask.FromResult<Payload?>(null);
    }

    public void OnPayloadReceived(IMessage announcement) => Messages.Enqueue(announcement);

    public void OnClosed(string reason) => Closed.SetResult(reason);
}
