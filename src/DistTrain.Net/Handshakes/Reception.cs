using System.Net.Sockets;
using System.Security.Authentication;
using DistTrain.Net.Framing;
using DistTrain.Net.Links;
using DistTrain.Net.Tls;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Handshakes;

/// <summary>
/// Makes a link of a connection that came in, or closes it and says in the log why. A node that speaks the
/// protocol is told why, too; whoever does not is told nothing.
/// </summary>
internal sealed class Reception(
    LinkOptions options, ProtocolVersions protocol, ListeningTls? tls, RefusalLog refusals)
{
    /// <summary>null: refused.</summary>
    public async Task<FramedLink?> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        string address = AddressOf(socket);
        Stream stream = new BlockingSocketStream(socket);
        bool keep = false;
        try
        {
            LinkSockets.Configure(socket);
            byte[] channel = Proof.NoChannel;
            if (tls is not null)
            {
                (stream, channel) = await tls.WrapAsync(stream, cancellation);
            }
            var theirs = await new Handshake(options, protocol, stream, channel).AcceptAsync(cancellation);
            keep = true;
            return new FramedLink(stream, socket, new(theirs.Name, theirs.Version, address), options);
        }
        catch (Exception fault) when (Explained(fault) is { } reason)
        {
            refusals.Write($"refused a connection from {address}: {reason}");
            return null;
        }
        finally
        {
            if (!keep)
            {
                await stream.DisposeAsync();
            }
        }
    }

    private static string? Explained(Exception fault) => fault switch
    {
        LinkRefusedException or ProtocolFaultException => fault.Message,
        OperationCanceledException => "its handshake took too long",
        EndOfStreamException => "it closed during the handshake",
        AuthenticationException => $"its TLS handshake failed: {fault.Message}",
        IOException or SocketException => $"the connection was lost during the handshake: {fault.Message}",
        _ => null,
    };

    private static string AddressOf(Socket socket)
    {
        try
        {
            return $"{socket.RemoteEndPoint}";
        }
        catch (SocketException)
        {
            return "an address that is gone again";
        }
    }
}
