using System.Net;
using System.Net.Sockets;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Links;

namespace DistTrain.Net.Tests.Handshakes;

/// <summary>
/// Stands between two ends for one handshake, passes it on and keeps what the connecting end said.
/// </summary>
internal sealed class Recorder : IDisposable
{
    private readonly IPEndPoint _target;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private Stranger? _front;
    private Stranger? _back;

    public Recorder(IPEndPoint target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public byte[] Hello { get; private set; } = [];

    public byte[] Proof { get; private set; } = [];

    public async Task<ILink> ConnectAsync(LinkOptions options)
    {
        var connecting = LinkConnector.ConnectAsync(
            "127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port, options, _ => new RecordingHandler(),
            CancellationToken.None);
        _front = await Stranger.AcceptAsync(_listener);
        _back = await Stranger.ConnectAsync(_target);
        Hello = await _front.HearAsync();
        await _back.SayAsync(Hello);
        await _front.SayAsync(await _back.HearAsync());
        Proof = await _front.HearAsync();
        await _back.SayAsync(Proof);
        await _front.SayAsync(await _back.HearAsync());
        return await connecting;
    }

    public void Dispose()
    {
        _front?.Dispose();
        _back?.Dispose();
        _listener.Dispose();
    }
}
