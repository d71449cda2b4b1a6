using System.Net;
using System.Net.Sockets;

namespace DistTrain.Server.Tests.Fixtures;

/// <summary>
/// Stands before a server and cuts every connection after some bytes of its answers; each new one lives a
/// little longer than the last.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly IPEndPoint _server;
    private readonly Task _loop;

    public CuttingProxy(Uri server, int firstBytes, int moreBytes)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _listener.Start();
        _loop = RunAsync(firstBytes, moreBytes);
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _loop;
        _ending.Dispose();
    }

    private async Task RunAsync(int firstBytes, int moreBytes)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_ending.Token);
                open.Add(ForwardAsync(client, firstBytes + moreBytes * Connections));
                Connections++;
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ForwardAsync(TcpClient client, int most)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(_server);
            using var done = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            Task there = CopyAsync(client.GetStream(), server.GetStream(), int.MaxValue, done.Token);
            Task back = CopyAsync(server.GetStream(), client.GetStream(), most, done.Token);
            await back;
            await done.CancelAsync();
            await there;
        }
    }

    private static async Task CopyAsync(Stream from, Stream to, int most, CancellationToken cancellation)
    {
        try
        {
            byte[] piece = new byte[4096];
            while (most > 0
                && await from.ReadAsync(piece.AsMemory(0, Math.Min(most, piece.Length)), cancellation) is var count
                && count > 0)
            {
                await to.WriteAsync(piece.AsMemory(0, count), cancellation);
                most -= count;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Cut: that is what it is for.
        }
    }
}
