using System.Buffers.Binary;
using DistTrain.Runs.TensorBoard;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// timeline.bin: a head, then chunks, each of which can be read, checked and left out by itself.
/// <code>
///   "DTTIMES" 01 │ stride: 4 │ 0: 4 ║ length: 4 │ CRC-32C: 4 │ time zero: 8 │ first step: 8 ║ records …
///   └────────── head, 16 ──────────┘└── a chunk's head, 24; the CRC is over all that follows it ──┘
/// </code>
/// Little-endian. Time zero is in units of 100 ns since the year 1, UTC. A chunk holds steps of one block of
/// <see cref="BlockSteps"/> alone, so that a block can be dropped without decoding anything.
/// </summary>
public static class TimelineFormat
{
    /// <summary>
    /// Steps that are kept or dropped together, so that what is kept can be looked at as it was.
    /// </summary>
    public const int BlockSteps = 64;

    internal const int HeadBytes = 16;
    internal const int ChunkHeadBytes = 24;
    internal const int MostChunkBytes = 1 << 22;
    private const int CheckedFrom = 8;

    private static ReadOnlySpan<byte> Magic => "DTTIMES\u0001"u8;

    internal static long BlockOf(long step) => step / BlockSteps;

    internal static byte[] Head(int stride)
    {
        byte[] head = new byte[HeadBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Magic.Length), stride);
        return head;
    }

    /// <summary>The stride of a file with this head; null: it is no timeline.</summary>
    internal static int? StrideOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeadBytes || !file.StartsWith(Magic))
        {
            return null;
        }

        int stride = BinaryPrimitives.ReadInt32LittleEndian(file[Magic.Length..]);
        return stride > 0 ? stride : null;
    }

    /// <summary>Fills the head of a chunk whose records follow it.</summary>
    internal static void Seal(Span<byte> chunk, long zeroTicks, long firstStep)
    {
        BinaryPrimitives.WriteInt32LittleEndian(chunk, chunk.Length - ChunkHeadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(chunk[8..], zeroTicks);
        BinaryPrimitives.WriteInt64LittleEndian(chunk[16..], firstStep);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[4..], MaskedCrc32C.Crc32C(chunk[CheckedFrom..]));
    }

    /// <summary>
    /// The chunks of a file up to its end, or up to where it was torn or damaged; what follows is not read.
    /// </summary>
    internal static IEnumerable<TimelineChunk> Chunks(byte[] file)
    {
        int at = HeadBytes;
        while (file.Length - at >= ChunkHeadBytes)
        {
            ReadOnlySpan<byte> head = file.AsSpan(at);
            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is <= 0 or > MostChunkBytes || file.Length - at - ChunkHeadBytes < length)
            {
                yield break;
            }

            int end = at + ChunkHeadBytes + length;
            long zero = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
            long first = BinaryPrimitives.ReadInt64LittleEndian(head[16..]);
            bool sound = first >= 0 && zero >= 0 && zero <= DateTime.MaxValue.Ticks
                && MaskedCrc32C.Crc32C(file.AsSpan(at + CheckedFrom, end - at - CheckedFrom))
                    == BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (!sound)
            {
                yield break;
            }

            yield return new TimelineChunk(at, end, zero, first);
            at = end;
        }
    }
}

/// <summary>A whole chunk within a file.</summary>
/// <param name="Start">Of its head.</param>
/// <param name="End">Of its records.</param>
/// <param name="ZeroTicks">What its records count time from, in ticks of UTC.</param>
/// <param name="FirstStep">What its records count steps from.</param>
internal readonly record struct TimelineChunk(int Start, int End, long ZeroTicks, long FirstStep)
{
    public int RecordsStart => Start + TimelineFormat.ChunkHeadBytes;
}
