using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Handshakes;

/// <summary>
/// What each end says first. Fields may be added at the end in later versions; the ones here stay.
/// <code>
///   0          2          4       5    6          38
///   ┌──────────┬──────────┬───────┬────┬──────────┬─────┬────────┬─────┬──────────┐
///   │ lowest   │ highest  │ token │ 0  │ nonce    │ len │ name   │ len │ version  │
///   └──────────┴──────────┴───────┴────┴──────────┴─────┴────────┴─────┴──────────┘
///     protocol versions     0 or 1      32 random    UTF-8          of the program, UTF-8
/// </code>
/// </summary>
internal sealed record Hello(
    ProtocolVersions Protocol, bool HasToken, byte[] Nonce, string Name, string Version)
{
    public const int NonceSize = 32;
    private const int NameAt = 6 + NonceSize;

    public static Hello Of(LinkOptions options, ProtocolVersions protocol) => new(
        protocol, options.Token is not null, RandomNumberGenerator.GetBytes(NonceSize), options.Name,
        options.Version);

    public byte[] Encode()
    {
        byte[] name = Encoding.UTF8.GetBytes(Name);
        byte[] version = Encoding.UTF8.GetBytes(Version);
        byte[] body = new byte[NameAt + 1 + name.Length + 1 + version.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(body, Protocol.Lowest);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), Protocol.Highest);
        body[4] = HasToken ? (byte)1 : (byte)0;
        Nonce.CopyTo(body, 6);
        body[NameAt] = checked((byte)name.Length);
        name.CopyTo(body, NameAt + 1);
        body[NameAt + 1 + name.Length] = checked((byte)version.Length);
        version.CopyTo(body, NameAt + 2 + name.Length);
        return HandshakeFrame.Encode(HandshakeKind.Hello, body);
    }

    /// <exception cref="ProtocolFaultException">The body is none.</exception>
    public static Hello Decode(ReadOnlySpan<byte> body)
    {
        if (body.Length < NameAt || body[4] > 1)
        {
            throw new ProtocolFaultException("a hello is not valid");
        }
        var protocol = new ProtocolVersions(
            BinaryPrimitives.ReadUInt16LittleEndian(body),
            BinaryPrimitives.ReadUInt16LittleEndian(body[2..]));
        var rest = body[NameAt..];
        string name = WireLimits.Name(TakeText(ref rest));
        string version = WireLimits.Label(TakeText(ref rest));
        return new Hello(protocol, body[4] == 1, body[6..NameAt].ToArray(), name, version);
    }

    private static string TakeText(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest.Length < 1 + rest[0])
        {
            throw new ProtocolFaultException("a hello is cut short");
        }
        string text = Encoding.UTF8.GetString(rest[1..(1 + rest[0])]);
        rest = rest[(1 + rest[0])..];
        return text;
    }
}
