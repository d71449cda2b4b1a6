using DistTrain.Core.Hosting;

namespace DistTrain.Net.Links;

/// <summary>
/// An authenticated, ordered way to one other node: small control messages, and payloads of raw bytes that
/// go straight from and into unmanaged memory. Control messages overtake payloads between two chunks, so that
/// a heartbeat never waits behind megabytes. Within each of the two kinds order is kept; a payload's
/// announcement counts as received when its last byte is in place.
/// Sockets and memory are two implementations of equal standing.
/// </summary>
public interface ILink : IAsyncDisposable
{
    PeerIdentity Peer { get; }

    LinkTraffic Traffic { get; }

    /// <summary>
    /// Queues a control message and returns. False: the link is closed. A peer that reads so slowly that the
    /// bounded queue is full loses its link.
    /// </summary>
    bool TrySend(IMessage message);

    /// <summary>
    /// Queues a payload and returns. Its memory must stay as it is until <paramref name="released"/> is
    /// called, exactly once, on any thread: true when the last byte was handed to the network, false when
    /// the link was closed before. False as a result: the link is closed, and nothing will be called.
    /// </summary>
    /// <param name="announcement">Says what it is; goes in front of it.</param>
    /// <param name="payload">The bytes.</param>
    /// <param name="released">Gives the memory back.</param>
    /// <param name="ahead">
    /// A control message that arrives before the payload, and wakes nobody by itself; null: none.
    /// </param>
    /// <param name="lendsThread">
    /// The caller has nothing else to do and holds no lock: the payload may be written here and now, which
    /// saves waking another thread, and this call then returns when the network has taken it. Not for a
    /// thread that the other end's reading could wait for.
    /// </param>
    bool TrySend(
        IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
        bool lendsThread = false);

    /// <summary>
    /// Closes the link; the handler hears the reason once. Control messages queued before are still sent if
    /// the other end takes them within a quarter of a second; payloads are dropped and given back.
    /// Disposing closes too, and waits until every payload is given back and the handler has heard of the
    /// end: not to be awaited within the handler.
    /// </summary>
    void Close(string reason);
}

/// <summary>
/// What arrives on a link. Calls come one at a time, on no particular thread; while one has not returned,
/// nothing more is read from the network, which is the back-pressure.
/// </summary>
public interface ILinkHandler
{
    void OnMessage(IMessage message);

    /// <summary>
    /// A payload begins. The result is where its bytes go, of exactly that length, or null: read past them.
    /// No memory has been taken for it before this call.
    /// </summary>
    ValueTask<Payload?> OnPayloadAsync(IMessage announcement, long bytes, CancellationToken cancellation);

    /// <summary>All of it is in place. Not called for what was read past.</summary>
    void OnPayloadReceived(IMessage announcement);

    /// <summary>
    /// The link is gone; nothing follows. A payload that was begun and not received will not come; its
    /// memory is not written any more.
    /// </summary>
    void OnClosed(string reason);
}

/// <summary>Who is at the other end, as proven by the handshake.</summary>
/// <param name="Name">A worker's node name; "coordinator".</param>
/// <param name="Version">Of its program.</param>
/// <param name="Address">Of its end of the link, for people.</param>
public sealed record PeerIdentity(string Name, string Version, string Address);

/// <summary>Bytes that have passed, headers included.</summary>
public readonly record struct LinkTraffic(long BytesSent, long BytesReceived);
