using System.Net;
using Akka.Actor;
using DistTrain.Akka.Hosting;
using DistTrain.Akka.Links;
using DistTrain.Akka.Membership;
using DistTrain.Akka.Messages;
using DistTrain.Net.Links;

namespace DistTrain.Compare.ControlPlane;

/// <summary>The same over Akka.NET: two actor systems with Akka.Remote between them.</summary>
internal static class AkkaEnds
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static bool AreThere => true;

    public static HostEnds Host() => new(AkkaActorHost.Create());

    public static Task<LinkEnds> LinkAsync() => LinkEnds.OpenAsync(Open);

    private static (Task, Func<ValueTask>) Open(
        Func<ILink, ILinkHandler> far, Func<ILink, ILinkHandler> near)
    {
        ActorSystem here = SystemOf("worker"), there = SystemOf("coordinator");
        var reception = new LinkReception(there, LinkEnds.OptionsOf("coordinator"));
        var listener = LinkListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), LinkEnds.OptionsOf("coordinator"), reception.Around(far),
            _ => { });
        there.ActorOf(Props.Create(() => new Front(listener.Endpoint.Port, reception)), "front");
        return (OpenAsync(here, there, near), EndAsync);

        async ValueTask EndAsync()
        {
            await listener.DisposeAsync();
            await here.Terminate();
            await there.Terminate();
        }
    }

    private static async Task OpenAsync(ActorSystem here, ActorSystem there, Func<ILink, ILinkHandler> near)
    {
        Address address = ((ExtendedActorSystem)there).Provider.DefaultAddress;
        IActorRef front = await here.ActorSelection($"{address}/user/front").ResolveOne(Patience);
        await new ClusterConnector(() => here, _ => front, LinkEnds.OptionsOf("w"))
            .ConnectAsync(near, CancellationToken.None);
    }

    private static ActorSystem SystemOf(string role) => ActorSystem.Create(
        ClusterSystem.Name,
        ClusterSystem.ConfigurationOf(
            new AkkaOptions { Host = "127.0.0.1", Port = 0, Seeds = [] }, role));

    /// <summary>Stands where the singleton does.</summary>
    private sealed class Front : ReceiveActor
    {
        public Front(int port, LinkReception reception)
        {
            Receive<LinkWanted>(_ => Sender.Tell(new LinkOffered("127.0.0.1", port), Self));
            Receive<OpenControl>(open => reception.Open(open, Sender));
        }
    }
}
