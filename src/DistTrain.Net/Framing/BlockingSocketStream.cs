using System.Net.Sockets;

namespace DistTrain.Net.Framing;

/// <summary>
/// A connected socket that is only ever used with blocking calls, in the form of a stream whose asynchronous
/// methods have completed when they return. To be used on a thread that may block.
/// Why: the platform's asynchronous sockets register with an event queue, whose thread is woken for every
/// arrival, wanted or not, and wakes a second thread; a blocked call is woken by the kernel and is there.
/// A small message's way there and back took 22 instead of 40 microseconds, and half the processor time.
/// Cancelling shuts the socket down, reading alone or both directions, for good.
/// </summary>
internal sealed class BlockingSocketStream(Socket socket) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = cancellationToken.UnsafeRegister(
            static state => Shutdown(state, SocketShutdown.Receive), socket);
        try
        {
            int read = socket.Receive(buffer.Span);
            if (read == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            return new ValueTask<int>(read);
        }
        catch (SocketException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(fault.Message, fault);
        }
    }

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var stop = cancellationToken.UnsafeRegister(
            static state => Shutdown(state, SocketShutdown.Both), socket);
        try
        {
            for (var left = buffer.Span; left.Length > 0;)
            {
                left = left[socket.Send(left)..];
            }
            return default;
        }
        catch (SocketException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(fault.Message, fault);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
        => socket.Receive(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count)
        => socket.Send(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // What was written is with the system.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }
        base.Dispose(disposing);
    }

    private static void Shutdown(object? socket, SocketShutdown direction)
    {
        try
        {
            ((Socket)socket!).Shutdown(direction);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }
}
