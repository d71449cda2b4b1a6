using Akka.Actor;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Akka.Links;

/// <summary>
/// A link whose control messages go through Akka.Remote, and whose payloads, with what goes ahead of them, go
/// over a link of their own, straight from and into unmanaged memory.
/// <code>
///   TrySend(message)            ── ControlChannel ── Akka.Remote ──► ControlActor ──┐
///   TrySend(announcement, …)    ── data link, TCP ─────────────────► DataHalf ──────┴─► the handler
/// </code>
/// Either half's end is the link's. Order holds within each half, as it does between control messages and
/// payloads of any link; a lost frame closes the link, so nothing is ever missing in between.
/// </summary>
/// <param name="data">The data link; owned.</param>
/// <param name="peer">Who is at the other end.</param>
/// <param name="channel">Sends control messages.</param>
/// <param name="half">Hears the data link.</param>
/// <param name="control">The actor of this end.</param>
internal sealed class AkkaLink(
    ILink data, PeerIdentity peer, ControlChannel channel, DataHalf half, IActorRef control) : ILink
{
    public PeerIdentity Peer => peer;

    public LinkTraffic Traffic => new(
        data.Traffic.BytesSent + channel.BytesSent, data.Traffic.BytesReceived + half.ControlBytes);

    public bool TrySend(IMessage message)
    {
        bool? sent = channel.TrySend(message);
        if (sent is null)
        {
            Close("the other end reads too slowly: too many control messages wait for it");
        }
        return sent == true;
    }

    public bool TrySend(
        IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
        bool lendsThread = false)
        => data.TrySend(announcement, payload, released, ahead, lendsThread);

    public void Close(string reason)
    {
        channel.Close(reason);
        data.Close(reason);
    }

    public async ValueTask DisposeAsync()
    {
        Close("the link was disposed");
        await data.DisposeAsync();
        control.Tell(PoisonPill.Instance, ActorRefs.NoSender);
    }
}
