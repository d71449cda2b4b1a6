using System.Buffers.Binary;
using System.Text;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Handshakes;

internal enum HandshakeKind : byte
{
    Hello = 1,
    Proof = 2,
    Refusal = 3,
}

/// <summary>
/// The frames before a link is open, the same in every protocol version so that two versions can tell each
/// other apart.
/// <code>
///   0                    4      5      6              8
///   ┌────────────────────┬──────┬──────┬──────────────┐
///   │ "DTRN"             │ kind │ 0    │ body length  │ body, at most 1024 bytes
///   └────────────────────┴──────┴──────┴──────────────┘
/// </code>
/// </summary>
internal static class HandshakeFrame
{
    public const int HeaderSize = 8;
    public const int MostBodyBytes = 1024;

    private static ReadOnlySpan<byte> Magic => "DTRN"u8;

    public static byte[] Encode(HandshakeKind kind, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[HeaderSize + body.Length];
        Magic.CopyTo(frame);
        frame[4] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), checked((ushort)body.Length));
        body.CopyTo(frame.AsSpan(HeaderSize));
        return frame;
    }

    /// <summary>The next frame, header included.</summary>
    /// <exception cref="ProtocolFaultException">What comes is none.</exception>
    /// <exception cref="EndOfStreamException">The other end closed.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] header = new byte[HeaderSize];
        await stream.ReadExactlyAsync(header, cancellation);
        byte[] frame = new byte[HeaderSize + BodyLength(header)];
        header.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(HeaderSize), cancellation);
        return frame;
    }

    public static HandshakeKind KindOf(byte[] frame) => (HandshakeKind)frame[4];

    public static ReadOnlySpan<byte> BodyOf(byte[] frame) => frame.AsSpan(HeaderSize);

    private static int BodyLength(ReadOnlySpan<byte> header)
    {
        if (!header.StartsWith(Magic))
        {
            throw new ProtocolFaultException(header[0] == 0x16
                ? "what comes is TLS, and this link is without"
                : $"what comes is not DistTrain: \"{Printable.Text(Encoding.Latin1.GetString(header))}\"");
        }
        int length = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        return length <= MostBodyBytes && header[5] == 0
            ? length
            : throw new ProtocolFaultException($"a handshake frame of {length} bytes");
    }
}
