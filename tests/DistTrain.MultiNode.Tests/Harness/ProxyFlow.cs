using System.Net.Sockets;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>One direction of a <see cref="LinkProxy"/>, for all connections through it.</summary>
internal sealed class ProxyFlow
{
    private const int BufferBytes = 16 << 10;
    private const int FirstBytesKept = 256;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _gate;
    private TaskCompletionSource _stalled = Source();
    private long _allowed = long.MaxValue;
    private byte[] _first = [];
    private int _damage;

    /// <summary>What passed first: the handshake and what followed at once.</summary>
    public byte[] FirstBytes
    {
        get
        {
            lock (_lock)
            {
                return _first;
            }
        }
    }

    /// <summary>Before whatever passes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Completes when a byte is held back: those before it have passed.</summary>
    public Task Stalled
    {
        get
        {
            lock (_lock)
            {
                return _stalled.Task;
            }
        }
    }

    /// <summary>Passes so many bytes more and then none, without telling anyone.</summary>
    public void Stall(long after = 0)
    {
        lock (_lock)
        {
            _allowed = after;
            _gate ??= Source();
            _stalled = Source();
        }
    }

    /// <summary>What was held back passes, and all that follows.</summary>
    public void Release()
    {
        TaskCompletionSource? gate;
        lock (_lock)
        {
            _allowed = long.MaxValue;
            (gate, _gate) = (_gate, null);
        }

        gate?.TrySetResult();
    }

    /// <summary>Flips a bit of the next byte that passes.</summary>
    public void Damage() => Interlocked.Exchange(ref _damage, 1);

    /// <summary>Carries bytes from one socket to the other until either ends.</summary>
    public async Task PumpAsync(Socket from, Socket to, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, cancellation)) > 0)
            {
                if (Interlocked.Exchange(ref _damage, 0) == 1)
                {
                    buffer[count / 2] ^= 1;
                }

                Remember(buffer.AsSpan(0, count));
                if (Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, cancellation);
                }

                await PassAsync(buffer.AsMemory(0, count), to, cancellation);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException
            or OperationCanceledException)
        {
            // An end is gone: the link is.
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_first.Length < FirstBytesKept)
            {
                _first = [.. _first, .. bytes];
            }
        }
    }

    private async Task PassAsync(ReadOnlyMemory<byte> bytes, Socket to, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            (int admitted, Task gate) = Admit(bytes.Length);
            if (admitted == 0)
            {
                await gate.WaitAsync(cancellation);
                continue;
            }

            await to.SendAsync(bytes[..admitted], cancellation);
            bytes = bytes[admitted..];
        }
    }

    private (int Admitted, Task Gate) Admit(int bytes)
    {
        lock (_lock)
        {
            if (_gate is null)
            {
                return (bytes, Task.CompletedTask);
            }

            int admitted = (int)Math.Min(bytes, _allowed);
            _allowed -= admitted;
            if (admitted == 0)
            {
                _stalled.TrySetResult();
            }

            return (admitted, _gate.Task);
        }
    }

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
