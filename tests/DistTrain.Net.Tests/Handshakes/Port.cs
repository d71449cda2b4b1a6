using System.Collections.Concurrent;
using System.Net;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Links;

namespace DistTrain.Net.Tests.Handshakes;

/// <summary>A listening end under test: what it made links of, and what it logged.</summary>
internal sealed class Port : IAsyncDisposable
{
    private readonly LinkListener _listener;
    private readonly ConcurrentBag<ILink> _links = [];
    private readonly BlockingCollection<string> _log = [];

    public Port(LinkOptions? options = null, ProtocolVersions? protocol = null)
        => _listener = LinkListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), options ?? Options, protocol ?? ProtocolVersions.Current,
            link =>
            {
                _links.Add(link);
                return new RecordingHandler();
            }, _log.Add);

    public static LinkOptions Options
        => LinkPair.Options("coordinator") with { HandshakeTimeout = TimeSpan.FromMinutes(5) };

    public IPEndPoint Endpoint => _listener.Endpoint;

    public int Links => _links.Count;

    public string NextLine() => _log.TryTake(out string? line, Patience.Limit) ? line : "nothing was logged";

    public Task<ILink> ConnectAsync(LinkOptions options, ProtocolVersions? protocol = null)
        => LinkConnector.ConnectAsync(
            "127.0.0.1", Endpoint.Port, options, protocol ?? ProtocolVersions.Current,
            _ => new RecordingHandler(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }
    }
}
