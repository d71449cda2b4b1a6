using System.Net;
using System.Net.Sockets;
using DistTrain.Core;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Tls;

namespace DistTrain.Net.Links;

/// <summary>
/// The listening end of links over TCP. Strangers can make it hold at most
/// <see cref="LinkOptions.MostHandshakes"/> sockets, one more that waits for a place, and a kilobyte or two
/// each; who has shaken hands becomes a link and belongs to the handler made for it, not to the listener.
/// </summary>
public sealed class LinkListener : IAsyncDisposable
{
    /// <summary>Connections that wait in the system's queue while all handshakes are taken.</summary>
    private const int Backlog = 512;

    /// <summary>After the system would not give a connection, e.g. because too many files are open.</summary>
    private static readonly TimeSpan _acceptAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly Func<ILink, ILinkHandler> _handlerOf;
    private readonly RefusalLog _refusals;
    private readonly HandshakeSlots _slots;
    private readonly Reception _reception;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private Exception? _fault;

    private LinkListener(
        Socket socket, LinkOptions options, ProtocolVersions protocol, ListeningTls? tls,
        Func<ILink, ILinkHandler> handlerOf, Action<string> log, TimeProvider time)
    {
        (_socket, _handlerOf, _time) = (socket, handlerOf, time);
        _refusals = new RefusalLog(log, time);
        _slots = new HandshakeSlots(options.MostHandshakes, options.HandshakeTimeout, time);
        _reception = new Reception(options, protocol, tls, _refusals);
        Endpoint = (IPEndPoint)socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it really listens: with port 0 the system chose one.</summary>
    public IPEndPoint Endpoint { get; }

    /// <param name="endpoint">Port 0: any free one.</param>
    /// <param name="options">Of every link.</param>
    /// <param name="handlerOf">
    /// Called once for each link, before anything is read from it. Must not throw: a listener whose handlers
    /// cannot be made stops listening.
    /// </param>
    /// <param name="log">Hears a line for each connection that was refused, and at most two a second.</param>
    /// <param name="time">null: the system's.</param>
    /// <exception cref="UserFaultException">The port cannot be had; the TLS files are not right.</exception>
    public static LinkListener Start(
        IPEndPoint endpoint, LinkOptions options, Func<ILink, ILinkHandler> handlerOf, Action<string> log,
        TimeProvider? time = null)
        => Start(endpoint, options, ProtocolVersions.Current, handlerOf, log, time);

    internal static LinkListener Start(
        IPEndPoint endpoint, LinkOptions options, ProtocolVersions protocol,
        Func<ILink, ILinkHandler> handlerOf, Action<string> log, TimeProvider? time = null)
    {
        var tls = options.Tls is null ? null : new ListeningTls(options.Tls);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new UserFaultException($"cannot listen on {endpoint}: {fault.Message}", fault);
        }
        return new LinkListener(
            socket, options, protocol, tls, handlerOf, log, time ?? TimeProvider.System);
    }

    /// <summary>
    /// Stops listening and gives up handshakes under way. What went wrong in making a handler comes out here.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await _slots.DrainAsync();
        _socket.Dispose();
        _slots.Dispose();
        _stop.Dispose();
        if (_fault is not null)
        {
            throw new InvalidOperationException("a link's handler could not be made", _fault);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                if (await AcceptOneAsync() is { } connection)
                {
                    await SeatAsync(connection);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed, or a handler could not be made.
        }
        _socket.Close();
    }

    /// <summary>null: the system would not give one; the port stays open for the next.</summary>
    private async Task<Socket?> AcceptOneAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stop.Token);
        }
        catch (SocketException fault)
        {
            _refusals.Write($"could not take a connection: {fault.Message}");
            await Task.Delay(_acceptAgainAfter, _time, _stop.Token);
            return null;
        }
    }

    private async Task SeatAsync(Socket connection)
    {
        HandshakeSlots.Slot slot;
        try
        {
            slot = await _slots.EnterAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            connection.Dispose();
            throw;
        }
        // On a thread of its own, for it blocks. Disposing waits for its place, and it keeps what goes wrong.
        _ = Task.Factory.StartNew(
            () => ShakeHandsAsync(connection, slot), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private async Task ShakeHandsAsync(Socket connection, HandshakeSlots.Slot slot)
    {
        using (slot)
        {
            try
            {
                var link = await _reception.ReceiveAsync(connection, slot.Token);
                link?.Start(_handlerOf);
            }
            catch (Exception fault)
            {
                _fault = fault;
                _ = _stop.CancelAsync();
            }
        }
    }
}
