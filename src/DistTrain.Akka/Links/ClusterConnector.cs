using System.Buffers.Binary;
using System.Security.Cryptography;
using Akka.Actor;
using DistTrain.Akka.Messages;
using DistTrain.Net.Links;

namespace DistTrain.Akka.Links;

/// <summary>
/// The connecting end: asks the singleton where payloads go, opens a data link there, and has its control
/// actor joined to that link's other end.
/// </summary>
/// <param name="system">The cluster's actor system now; null: the node is in no cluster.</param>
/// <param name="singleton">The way to whoever is the coordinator now, in that system.</param>
/// <param name="options">Of the link.</param>
internal sealed class ClusterConnector(
    Func<ActorSystem?> system, Func<ActorSystem, IActorRef> singleton, LinkOptions options)
{
    /// <summary>After this time without an answer it is given up; the node's machine asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What <c>WorkerNodeOptions.Connect</c> is.</summary>
    /// <exception cref="LinkRefusedException">One end will not have the other.</exception>
    /// <exception cref="LinkUnreachableException">There is no coordinator, or no way to it.</exception>
    public async Task ConnectAsync(Func<ILink, ILinkHandler> handlerOf, CancellationToken cancellation)
    {
        ActorSystem present = system()
            ?? throw new LinkUnreachableException("this node is in no Akka.NET cluster yet");
        IActorRef coordinator = singleton(present);
        LinkOffered offer = await OfferAsync(coordinator, cancellation);
        ulong channel = BinaryPrimitives.ReadUInt64LittleEndian(
            RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var joined = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef? control = null;
        ILink data = await LinkConnector.ConnectAsync(
            offer.Host, offer.Port, options with { Name = ChannelName.Of(options.Name, channel) },
            link =>
            {
                var half = new DataHalf(reason =>
                {
                    joined.TrySetException(new LinkUnreachableException(reason));
                    control?.Tell(new ControlActor.DataEnded(), ActorRefs.NoSender);
                });
                Action<ControlChannel, IActorRef> join = (sending, self) => joined.TrySetResult(half.Attach(
                    () => handlerOf(new AkkaLink(link, link.Peer, sending, half, self))));
                control = Start(present, Props.Create(() => new ControlActor(
                    channel, link, half, coordinator, Patience, options, join)));
                return half;
            },
            cancellation);
        using CancellationTokenRegistration end = cancellation.Register(() => data.Close("the node ends"));
        if (!await joined.Task)
        {
            throw new LinkUnreachableException("the data link was lost at once");
        }
    }

    /// <exception cref="LinkUnreachableException">The node is just leaving this actor system.</exception>
    private static IActorRef Start(ActorSystem system, Props props)
    {
        try
        {
            return system.ActorOf(props);
        }
        catch (InvalidOperationException ending)
        {
            throw new LinkUnreachableException("this node is leaving its cluster", ending);
        }
    }

    private async Task<LinkOffered> OfferAsync(IActorRef coordinator, CancellationToken cancellation)
    {
        try
        {
            return await coordinator.Ask<LinkOffered>(new LinkWanted(options.Name), Patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            throw new LinkUnreachableException("the cluster has no coordinator that answers");
        }
    }
}
