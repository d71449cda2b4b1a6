using System.Buffers.Binary;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Framing;

internal enum FrameKind : byte
{
    /// <summary>Body: one encoded control message.</summary>
    Control = 1,

    /// <summary>Body: total bytes of the payload as an int64, then its announcement, encoded.</summary>
    PayloadBegin = 2,

    /// <summary>Body: the payload's next bytes.</summary>
    PayloadChunk = 3,

    /// <summary>Body: the reason in UTF-8. Nothing follows.</summary>
    Close = 4,
}

/// <summary>
/// What stands before every frame; all numbers little-endian.
/// <code>
///   0      1      2          4              8                        16
///   ┌──────┬──────┬──────────┬──────────────┬────────────────────────┐
///   │ kind │ 0    │ 0        │ body length  │ transfer, 0 if none    │ body …
///   └──────┴──────┴──────────┴──────────────┴────────────────────────┘
/// </code>
/// Transfers count from 1 and come one at a time; a chunk's place in its payload is where the one before it
/// ended. Sixteen bytes, so that a chunk's header costs nothing beside its body.
/// </summary>
internal readonly record struct FrameHeader(FrameKind Kind, int Length, long Transfer)
{
    public const int Size = 16;

    /// <summary>Bytes of the payload's length at the head of a begin frame's body.</summary>
    public const int TotalSize = sizeof(long);

    /// <summary>Bytes of a close frame's body.</summary>
    public const int MostCloseBytes = 1024;

    public void Write(Span<byte> destination)
    {
        destination[..4].Clear();
        destination[0] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Transfer);
    }

    /// <summary>Reads a header and holds its length to what its kind allows.</summary>
    /// <exception cref="ProtocolFaultException">It is none.</exception>
    public static FrameHeader Parse(ReadOnlySpan<byte> source, int mostControlBytes)
    {
        var kind = (FrameKind)source[0];
        if (source[1..4].ContainsAnyExcept((byte)0))
        {
            throw new ProtocolFaultException("a frame has flags that this protocol version does not know");
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        long transfer = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        var (least, most, numbered) = kind switch
        {
            FrameKind.Control => (1L, mostControlBytes, false),
            FrameKind.PayloadBegin => (TotalSize + 1L, (long)TotalSize + mostControlBytes, true),
            FrameKind.PayloadChunk => (1L, int.MaxValue, true),
            FrameKind.Close => (0L, MostCloseBytes, false),
            _ => throw new ProtocolFaultException($"a frame is of the unknown kind {(byte)kind}"),
        };
        if (length < least || length > most)
        {
            throw new ProtocolFaultException(
                $"a {kind} frame of {length} bytes; {least} to {most} are allowed");
        }
        if (numbered != transfer > 0 || transfer < 0)
        {
            throw new ProtocolFaultException($"a {kind} frame has transfer number {transfer}");
        }
        return new FrameHeader(kind, (int)length, transfer);
    }
}
