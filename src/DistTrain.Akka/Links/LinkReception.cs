using System.Collections.Concurrent;
using Akka.Actor;
using DistTrain.Akka.Messages;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Akka.Links;

/// <summary>
/// The coordinator's reception: each data link that comes gets a control actor, and becomes a session when a
/// worker's control actor has been joined to it.
/// </summary>
internal sealed class LinkReception(ActorSystem system, LinkOptions options)
{
    /// <summary>A data link whose worker does not open its channel is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ulong, IActorRef> _controls = new();
    private readonly ConcurrentDictionary<ulong, (Address Address, string Node)> _nodes = new();

    /// <summary>What <c>CoordinatorNodeOptions.Reception</c> is.</summary>
    public Func<ILink, ILinkHandler> Around(Func<ILink, ILinkHandler> sessionOf)
        => data => Receive(data, sessionOf);

    /// <summary>A worker asks to be joined to its data link, which may not be here yet.</summary>
    public void Open(OpenControl open, IActorRef worker)
    {
        if (_controls.TryGetValue(open.Channel, out IActorRef? control))
        {
            control.Tell(open, worker);
        }
    }

    /// <summary>Nodes with a session whose actor system is this one.</summary>
    public IEnumerable<string> NodesAt(Address address)
        => _nodes.Values.Where(one => one.Address == address).Select(one => one.Node);

    private ILinkHandler Receive(ILink data, Func<ILink, ILinkHandler> sessionOf)
    {
        if (!ChannelName.TryParse(data.Peer.Name, out string node, out ulong channel))
        {
            data.Close("this coordinator's workers join its cluster: start the worker with --cluster akka");
            return new Turned();
        }
        var half = new DataHalf(_ =>
        {
            _controls.TryRemove(channel, out IActorRef? gone);
            _nodes.TryRemove(channel, out (Address, string) _);
            gone?.Tell(new ControlActor.DataEnded(), ActorRefs.NoSender);
        });
        PeerIdentity peer = data.Peer with { Name = node };
        Action<ControlChannel, IActorRef> join = (sending, self) =>
        {
            _nodes[channel] = (sending.PeerAddress, node);
            half.Attach(() => sessionOf(new AkkaLink(data, peer, sending, half, self)));
        };
        _controls[channel] = system.ActorOf(Props.Create(
            () => new ControlActor(channel, data, half, null, Patience, options, join)));
        return half;
    }

    /// <summary>The handler of a link that was turned away.</summary>
    private sealed class Turned : ILinkHandler
    {
        public void OnMessage(IMessage message) { }

        public ValueTask<Payload?> OnPayloadAsync(
            IMessage announcement, long bytes, CancellationToken cancellation)
            => ValueTask.FromResult<Payload?>(null);

        public void OnPayloadReceived(IMessage announcement) { }

        public void OnClosed(string reason) { }
    }
}
