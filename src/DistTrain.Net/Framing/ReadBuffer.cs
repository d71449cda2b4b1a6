using System.Runtime.CompilerServices;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Framing;

/// <summary>
/// A small buffer before a stream: headers and small messages come out of it many to a system call; a chunk
/// takes what of it is already here and the rest straight from the stream. Small, because what a chunk takes
/// from it is copied once more.
/// </summary>
internal sealed class ReadBuffer(Stream stream)
{
    public const int Size = 8 << 10;

    private readonly byte[] _buffer = new byte[Size];
    private int _start;
    private int _end;
    private long _bytesReceived;

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>
    /// Waits for that many bytes, at most <see cref="Size"/>. False: the stream ended before the first.
    /// </summary>
    /// <exception cref="ProtocolFaultException">The stream ended after the first.</exception>
    public ValueTask<bool> WaitForAsync(int count, CancellationToken cancellation)
        => _end - _start >= count ? new(true) : FillAsync(count, cancellation);

    /// <summary>Takes bytes that are here; valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = _buffer.AsSpan(_start, count);
        _start += count;
        return taken;
    }

    /// <summary>Fills the destination.</summary>
    /// <exception cref="ProtocolFaultException">The stream ended before.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadExactlyAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        int here = Math.Min(_end - _start, destination.Length);
        Take(here).CopyTo(destination.Span);
        while (here < destination.Length)
        {
            int read = await stream.ReadAsync(destination[here..], cancellation);
            here += Counted(read);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < count)
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0 && _end == 0)
            {
                return false;
            }
            _end += Counted(read);
        }
        return true;
    }

    private int Counted(int read)
    {
        if (read == 0)
        {
            throw new ProtocolFaultException("the connection ended in the middle of a frame");
        }
        Volatile.Write(ref _bytesReceived, _bytesReceived + read);
        return read;
    }
}
