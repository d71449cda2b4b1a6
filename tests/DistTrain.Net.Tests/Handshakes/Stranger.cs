using System.Net;
using System.Net.Sockets;
using DistTrain.Net.Handshakes;

namespace DistTrain.Net.Tests.Handshakes;

/// <summary>A bare socket that says to a port what a test wants it to say.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly NetworkStream _stream;

    private Stranger(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    public static async Task<Stranger> ConnectAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endpoint);
        return new Stranger(socket);
    }

    public static async Task<Stranger> AcceptAsync(Socket listener) => new(await listener.AcceptAsync());

    public async Task<Stranger> SayAsync(params byte[] bytes)
    {
        await _stream.WriteAsync(bytes);
        return this;
    }

    public Task<byte[]> HearAsync()
        => HandshakeFrame.ReadAsync(_stream, CancellationToken.None).WaitAsync(Patience.Limit);

    /// <summary>All that comes until the other end closes, gracefully or not.</summary>
    public async Task<byte[]> HearToTheEndAsync()
    {
        var all = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(all).WaitAsync(Patience.Limit);
        }
        catch (IOException)
        {
            // Reset: an end as good as any.
        }
        return all.ToArray();
    }

    public void Dispose() => _stream.Dispose();
}
