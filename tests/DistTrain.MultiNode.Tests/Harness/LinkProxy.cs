using System.Net;
using System.Net.Sockets;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>
/// Stands between a worker and its coordinator and does to their link what networks do: stalls it, cuts it,
/// delays it, damages it.
/// <code>
///   worker ──Up──► coordinator        worker ◄──Down── coordinator
/// </code>
/// </summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _pumps = [];
    private readonly Task _accepting;

    public LinkProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the worker is to connect.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public ProxyFlow Up { get; } = new();

    public ProxyFlow Down { get; } = new();

    /// <summary>Nothing passes either way, and nobody is told: a partition.</summary>
    public void Stall()
    {
        Up.Stall();
        Down.Stall();
    }

    /// <summary>What was held back passes, late, and what follows at once.</summary>
    public void Heal()
    {
        Up.Release();
        Down.Release();
    }

    /// <summary>Both ends are told at once that the connection is gone.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _sockets.ForEach(socket => socket.Close(0));
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        Heal();
        await Task.WhenAll(_pumps);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket worker = await _listener.AcceptSocketAsync(_stop.Token);
                _pumps.Add(JoinAsync(worker));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(Socket worker)
    {
        var coordinator = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            _sockets.AddRange([worker, coordinator]);
        }

        try
        {
            worker.NoDelay = coordinator.NoDelay = true;
            await coordinator.ConnectAsync(_target, _stop.Token);
            await Task.WhenAny(
                Up.PumpAsync(worker, coordinator, _stop.Token),
                Down.PumpAsync(coordinator, worker, _stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // No coordinator there, for now.
        }

        worker.Close();
        coordinator.Close();
    }
}
