using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using DistTrain.Net.Links;
using Google.Protobuf;

namespace DistTrain.Net.Framing;

/// <summary>
/// Puts frames on a stream: all control messages that wait, then one chunk of the payload in hand, and again.
/// <code>
///   ┌ control ┬ control ┬ begin ┬ chunk header ┬ head of the chunk ┐ ┌ rest of the chunk ┐
///   └──────────── one write from a small buffer ───────────────────┘ └ straight from the payload
/// </code>
/// The head of a chunk is copied so that its header does not travel, and wake the other end, alone.
/// </summary>
internal sealed class WriteLoop(
    Stream stream, LinkOptions options, SendQueue queue, LoopThread thread, Func<bool> takesNow)
{
    public const int BufferBytes = 16 << 10;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly UnmanagedMemory _window = new();
    private readonly ChunkPace _pace = new(options.ChunkBytes);
    private int _filled;
    private long _bytesSent;
    private long _lastTransfer;
    private OutgoingPayload? _payload;

    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Runs until the queue is closed; what is left in it stays there.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">The closing took too long.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await thread.SwitchTo();
        while (_payload is not null ? !queue.IsClosed : await WaitAsync())
        {
            await AppendControlAsync(cancellation);
            if (_payload is null && queue.TryTake(out _payload))
            {
                if (!_payload.IsOnLentThread)
                {
                    await thread.SwitchTo();
                }
                await AppendBeginAsync(_payload, cancellation);
            }
            if (_payload is { Remaining: > 0 })
            {
                await WriteChunkAsync(_payload, cancellation);
            }
            else
            {
                await FlushAsync(cancellation);
            }
            if (_payload is { Remaining: 0 } sent)
            {
                _payload = null;
                sent.Release(sent: true);
            }
        }
    }

    /// <summary>The last words: control messages that were queued before, then the reason.</summary>
    public async Task FarewellAsync(string reason, CancellationToken cancellation)
    {
        await thread.SwitchTo();
        await AppendControlAsync(cancellation);
        byte[] words = Encoding.UTF8.GetBytes(reason);
        int length = Math.Min(words.Length, FrameHeader.MostCloseBytes);
        var frame = await ReserveAsync(new FrameHeader(FrameKind.Close, length, 0), cancellation);
        words.AsSpan(0, length).CopyTo(frame.Span);
        await FlushAsync(cancellation);
    }

    /// <summary>
    /// Gives back the memory of every payload that did not go out. After the loop has ended.
    /// </summary>
    public void ReleaseAll()
    {
        for (var left = _payload; left is not null || queue.TryTake(out left); left = null)
        {
            _payload = null;
            left.Release(sent: false);
        }
    }

    /// <summary>
    /// Waits for something to write, and may come back on the thread of whoever sends it: for megabytes only
    /// where that was lent for them, never for what others send meanwhile, nor to wait for the network.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync()
    {
        var waiting = queue.WaitAsync();
        bool isMore = waiting.IsCompleted;
        bool open = await waiting;
        if (isMore || !(queue.IsOnLentThread || (queue.IsSmall(BufferBytes / 2) && takesNow())))
        {
            await thread.SwitchTo();
        }
        return open;
    }

    private async ValueTask AppendControlAsync(CancellationToken cancellation)
    {
        while (queue.TryTake(out OutgoingMessage message))
        {
            int size = FrameHeader.Size + message.Bytes;
            if (size > _buffer.Length)
            {
                await FlushAsync(cancellation);
                await WriteLongAsync(new(FrameKind.Control, message.Bytes, 0), message, cancellation);
                continue;
            }
            var body = await ReserveAsync(new FrameHeader(FrameKind.Control, message.Bytes, 0), cancellation);
            message.Envelope.WriteTo(body.Span);
        }
    }

    private async ValueTask AppendBeginAsync(OutgoingPayload payload, CancellationToken cancellation)
    {
        var announcement = payload.Announcement;
        var header = new FrameHeader(
            FrameKind.PayloadBegin, FrameHeader.TotalSize + announcement.Bytes, ++_lastTransfer);
        if (FrameHeader.Size + header.Length > _buffer.Length)
        {
            await FlushAsync(cancellation);
            await WriteLongAsync(header, announcement, cancellation, payload.Payload.Bytes);
            return;
        }
        var body = await ReserveAsync(header, cancellation);
        BinaryPrimitives.WriteInt64LittleEndian(body.Span, payload.Payload.Bytes);
        announcement.Envelope.WriteTo(body.Span[FrameHeader.TotalSize..]);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteChunkAsync(OutgoingPayload payload, CancellationToken cancellation)
    {
        int length = (int)Math.Min(payload.Remaining, _pace.Bytes);
        long start = Stopwatch.GetTimestamp();
        if (_buffer.Length - _filled <= FrameHeader.Size)
        {
            await FlushAsync(cancellation);
        }
        new FrameHeader(FrameKind.PayloadChunk, length, _lastTransfer).Write(_buffer.AsSpan(_filled));
        _filled += FrameHeader.Size;
        int head = Math.Min(length, _buffer.Length - _filled);
        Take(payload, head).Span.CopyTo(_buffer.AsSpan(_filled));
        _filled += head;
        await FlushAsync(cancellation);
        if (head < length)
        {
            await stream.WriteAsync(Take(payload, length - head), cancellation);
            Count(length - head);
        }
        _pace.Wrote(length, Stopwatch.GetElapsedTime(start));
    }

    private unsafe Memory<byte> Take(OutgoingPayload payload, int length)
    {
        var memory = _window.At(payload.Payload.Pointer + payload.Sent, length);
        payload.Advance(length);
        return memory;
    }

    /// <summary>Room for a frame that fits the buffer, its header written; the result is its body.</summary>
    private async ValueTask<Memory<byte>> ReserveAsync(FrameHeader header, CancellationToken cancellation)
    {
        int size = FrameHeader.Size + header.Length;
        if (size > _buffer.Length - _filled)
        {
            await FlushAsync(cancellation);
        }
        var frame = _buffer.AsMemory(_filled, size);
        _filled += size;
        header.Write(frame.Span);
        return frame[FrameHeader.Size..];
    }

    /// <summary>A frame that does not fit the buffer, from a pooled one.</summary>
    private async ValueTask WriteLongAsync(
        FrameHeader header, OutgoingMessage message, CancellationToken cancellation, long payloadBytes = 0)
    {
        int size = FrameHeader.Size + header.Length;
        byte[] frame = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            header.Write(frame);
            BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(FrameHeader.Size), payloadBytes);
            message.Envelope.WriteTo(frame.AsSpan(size - message.Bytes, message.Bytes));
            await stream.WriteAsync(frame.AsMemory(0, size), cancellation);
            Count(size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (_filled > 0)
        {
            await stream.WriteAsync(_buffer.AsMemory(0, _filled), cancellation);
            Count(_filled);
            _filled = 0;
        }
    }

    private void Count(int bytes) => Volatile.Write(ref _bytesSent, _bytesSent + bytes);
}
