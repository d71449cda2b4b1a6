using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Framing;

/// <summary>
/// Takes frames off a stream and hands them to the handler, one at a time. Invariants: no memory is taken for
/// a length before the length has been checked; nothing is written to a handler's memory that was not
/// announced; while the handler has not returned, nothing is read.
/// </summary>
internal sealed class ReadLoop
{
    private const int SkipBytes = 64 << 10;

    private readonly LinkOptions _options;
    private readonly ILinkHandler _handler;
    private readonly LoopThread _thread;
    private readonly ReadBuffer _buffer;
    private readonly UnmanagedMemory _window = new();

    // Made once: a delegate for every frame would be garbage of every frame.
    private readonly BodyReader<bool> _control;
    private readonly BodyReader<(long Bytes, IMessage Announcement)> _begin;
    private IncomingPayload? _payload;
    private long _lastTransfer;

    public ReadLoop(Stream stream, LinkOptions options, ILinkHandler handler, LoopThread thread)
    {
        (_options, _handler, _thread) = (options, handler, thread);
        _buffer = new ReadBuffer(stream);
        (_control, _begin) = (Control, Begin);
    }

    private delegate T BodyReader<out T>(ReadOnlySpan<byte> body);

    public long BytesReceived => _buffer.BytesReceived;

    /// <summary>Runs until the other end closes; the result is why.</summary>
    /// <exception cref="ProtocolFaultException">The other end broke the protocol.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">This end closes.</exception>
    public async Task<string> RunAsync(CancellationToken cancellation)
    {
        await _thread.SwitchTo();
        while (await _buffer.WaitForAsync(FrameHeader.Size, cancellation))
        {
            var header = FrameHeader.Parse(_buffer.Take(FrameHeader.Size), _options.MostControlBytes);
            switch (header.Kind)
            {
                case FrameKind.Control:
                    await WithBodyAsync(header, _control, cancellation);
                    break;
                case FrameKind.PayloadBegin:
                    await BeginAsync(header, cancellation);
                    break;
                case FrameKind.PayloadChunk:
                    await ChunkAsync(header, cancellation);
                    break;
                default:
                    return await WithBodyAsync(header, ClosingWords, cancellation);
            }
            cancellation.ThrowIfCancellationRequested();
        }
        return "the other end closed the connection";
    }

    private bool Control(ReadOnlySpan<byte> body)
    {
        _handler.OnMessage(WireCodec.Decode(body));
        return true;
    }

    private async ValueTask BeginAsync(FrameHeader header, CancellationToken cancellation)
    {
        if (_payload is not null || header.Transfer != _lastTransfer + 1)
        {
            throw new ProtocolFaultException(
                $"transfer {header.Transfer} begins after transfer {_lastTransfer}, "
                + (_payload is null ? "out of turn" : "which is under way"));
        }
        var (bytes, announcement) = await WithBodyAsync(header, _begin, cancellation);
        var destination = await _handler.OnPayloadAsync(announcement, bytes, cancellation);
        await _thread.SwitchTo();
        _lastTransfer = header.Transfer;
        _payload = new IncomingPayload(header.Transfer, announcement, bytes, destination);
        FinishIfWhole();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ChunkAsync(FrameHeader header, CancellationToken cancellation)
    {
        if (_payload is not { } payload)
        {
            throw new ProtocolFaultException(
                $"a chunk for transfer {header.Transfer}, which is not under way");
        }
        payload.Accept(header);
        if (payload.IsWanted)
        {
            await _buffer.ReadExactlyAsync(payload.Place(_window, header.Length), cancellation);
        }
        else
        {
            await SkipAsync(header.Length, cancellation);
        }
        FinishIfWhole();
    }

    private void FinishIfWhole()
    {
        if (_payload is { Remaining: 0 } payload)
        {
            _payload = null;
            if (payload.IsWanted)
            {
                _handler.OnPayloadReceived(payload.Announcement);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SkipAsync(int bytes, CancellationToken cancellation)
    {
        byte[] waste = ArrayPool<byte>.Shared.Rent(Math.Min(bytes, SkipBytes));
        try
        {
            for (int left = bytes; left > 0; left -= Math.Min(left, waste.Length))
            {
                await _buffer.ReadExactlyAsync(waste.AsMemory(0, Math.Min(left, waste.Length)), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(waste);
        }
    }

    /// <summary>A body as one piece: in the read buffer if it fits, else in a pooled one.</summary>
    private async ValueTask<T> WithBodyAsync<T>(
        FrameHeader header, BodyReader<T> read, CancellationToken cancellation)
    {
        if (header.Length <= ReadBuffer.Size)
        {
            return header.Length == 0 || await _buffer.WaitForAsync(header.Length, cancellation)
                ? read(_buffer.Take(header.Length))
                : throw new ProtocolFaultException("the connection ended in the middle of a frame");
        }
        byte[] body = ArrayPool<byte>.Shared.Rent(header.Length);
        try
        {
            await _buffer.ReadExactlyAsync(body.AsMemory(0, header.Length), cancellation);
            return read(body.AsSpan(0, header.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private (long Bytes, IMessage Announcement) Begin(ReadOnlySpan<byte> body)
    {
        long bytes = BinaryPrimitives.ReadInt64LittleEndian(body);
        return bytes >= 0 && bytes <= _options.MostPayloadBytes
            ? (bytes, WireCodec.Decode(body[FrameHeader.TotalSize..]))
            : throw new ProtocolFaultException(
                $"a payload of {bytes} bytes; at most {_options.MostPayloadBytes} are allowed");
    }

    private static string ClosingWords(ReadOnlySpan<byte> body)
        => $"the other end closed the link: {Printable.Text(Encoding.UTF8.GetString(body))}";
}
