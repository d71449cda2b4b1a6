using DistTrain.Net.Framing;

namespace DistTrain.Net.Links;

/// <summary>
/// Links within one process: the frames, order, bounds and closing of links over TCP, with memory in the
/// place of sockets and without a handshake, for both ends are ours. Payloads are really copied, so that
/// neither end can tell the difference.
/// </summary>
public static class MemoryLink
{
    /// <summary>Two ends of one link, both started.</summary>
    public static (ILink First, ILink Second) Pair(
        LinkOptions first, Func<ILink, ILinkHandler> firstHandlerOf,
        LinkOptions second, Func<ILink, ILinkHandler> secondHandlerOf)
    {
        var (firstEnd, secondEnd) = MemoryDuplex.Pair();
        var one = new FramedLink(firstEnd, socket: null, Identity(second), first);
        var other = new FramedLink(secondEnd, socket: null, Identity(first), second);
        one.Start(firstHandlerOf);
        other.Start(secondHandlerOf);
        return (one, other);
    }

    private static PeerIdentity Identity(LinkOptions options) => new(options.Name, options.Version, "memory");
}
