using System.Net.Sockets;
using DistTrain.Core;
using DistTrain.Net.Framing;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Tls;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Links;

/// <summary>The connecting end of links over TCP.</summary>
public static class LinkConnector
{
    /// <summary>
    /// Connects, shakes hands, and starts the link with the handler that is made for it. Connecting and
    /// handshake each have the options' handshake timeout.
    /// </summary>
    /// <exception cref="LinkRefusedException">One end will not have the other.</exception>
    /// <exception cref="LinkUnreachableException">There was no answer, or it broke off.</exception>
    /// <exception cref="UserFaultException">The TLS files do not hold what they should.</exception>
    public static Task<ILink> ConnectAsync(
        string host, int port, LinkOptions options, Func<ILink, ILinkHandler> handlerOf,
        CancellationToken cancellation)
        => ConnectAsync(host, port, options, ProtocolVersions.Current, handlerOf, cancellation);

    /// <summary>On a thread of its own, for it blocks: see <see cref="BlockingSocketStream"/>.</summary>
    internal static Task<ILink> ConnectAsync(
        string host, int port, LinkOptions options, ProtocolVersions protocol,
        Func<ILink, ILinkHandler> handlerOf, CancellationToken cancellation)
        => Task.Factory.StartNew(
            () => ConnectBlockingAsync(host, port, options, protocol, handlerOf, cancellation),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private static async Task<ILink> ConnectBlockingAsync(
        string host, int port, LinkOptions options, ProtocolVersions protocol,
        Func<ILink, ILinkHandler> handlerOf, CancellationToken cancellation)
    {
        var tls = options.Tls is null ? null : new ConnectingTls(options.Tls);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Stream? stream = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.HandshakeTimeout);
            LinkSockets.Configure(socket);
            using (limit.Token.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket))
            {
                socket.Connect(host, port);
            }
            limit.Token.ThrowIfCancellationRequested();
            limit.CancelAfter(options.HandshakeTimeout);

            stream = new BlockingSocketStream(socket);
            byte[] channel = Proof.NoChannel;
            if (tls is not null)
            {
                (stream, channel) = await tls.WrapAsync(stream, host, limit.Token);
            }
            var theirs = await new Handshake(options, protocol, stream, channel).ConnectAsync(limit.Token);
            var peer = new PeerIdentity(theirs.Name, theirs.Version, $"{socket.RemoteEndPoint}");
            var link = new FramedLink(stream, socket, peer, options);
            link.Start(handlerOf);
            return link;
        }
        catch (Exception fault)
        {
            await (stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            socket.Dispose();
            if (!cancellation.IsCancellationRequested && Explained(fault, $"{host}:{port}") is { } explained)
            {
                throw explained;
            }
            throw;
        }
    }

    private static DistTrainException? Explained(Exception fault, string address) => fault switch
    {
        OperationCanceledException or ObjectDisposedException => new LinkUnreachableException(
            $"{address} did not answer in time", fault),
        EndOfStreamException => new LinkUnreachableException(
            $"{address} closed the connection during the handshake; does only one end use TLS?", fault),
        SocketException or IOException => new LinkUnreachableException(
            $"{address} cannot be reached: {fault.Message}", fault),
        ProtocolFaultException => new LinkRefusedException(
            $"{address} is no DistTrain node: {fault.Message}", isPermanent: true, fault),
        _ => null,
    };
}
