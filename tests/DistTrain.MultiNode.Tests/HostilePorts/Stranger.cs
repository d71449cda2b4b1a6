using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DistTrain.MultiNode.Tests.HostilePorts;

/// <summary>
/// Speaks to a port as docs/PROTOCOL.md has it, byte by byte and with none of the program's own code, or as
/// nobody should.
/// </summary>
internal sealed class Stranger : IDisposable
{
    public const int HelloKind = 1;
    public const int ProofKind = 2;
    public const int RefusalKind = 3;
    private const int HeaderBytes = 8;

    private readonly TcpClient _client = new() { NoDelay = true };

    public static async Task<Stranger> ConnectAsync(IPEndPoint port)
    {
        var stranger = new Stranger();
        await stranger._client.ConnectAsync(port);
        return stranger;
    }

    public static byte[] Handshake(int kind, byte[] body)
    {
        byte[] frame = [.. "DTRN"u8, (byte)kind, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), (ushort)body.Length);
        return frame;
    }

    public static byte[] Hello(string name, bool hasToken, ushort lowest = 1, ushort highest = 1)
    {
        byte[] head = new byte[6];
        BinaryPrimitives.WriteUInt16LittleEndian(head, lowest);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), highest);
        head[4] = hasToken ? (byte)1 : (byte)0;
        byte[] nonce = RandomNumberGenerator.GetBytes(32);
        return Handshake(HelloKind, [.. head, .. nonce, .. Text(name), .. Text("0.0.1")]);
    }

    /// <summary>A frame after the handshake, with a length of its own choice.</summary>
    public static byte[] Frame(byte kind, uint length, long transfer, params byte[] body)
    {
        byte[] header = new byte[16];
        header[0] = kind;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), transfer);
        return [.. header, .. body];
    }

    /// <summary>Sends; that the other end has closed meanwhile is its good right.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            // It does not listen any more.
        }
    }

    /// <summary>The other end's next handshake frame: its kind, and all its bytes.</summary>
    public async Task<(int Kind, byte[] Frame)> ReadHandshakeAsync()
    {
        NetworkStream stream = _client.GetStream();
        byte[] header = new byte[HeaderBytes];
        await stream.ReadExactlyAsync(header);
        byte[] body = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6))];
        await stream.ReadExactlyAsync(body);
        return (header[4], [.. header, .. body]);
    }

    /// <summary>Shakes hands under a token; the kind of the last frame: a proof, or a refusal.</summary>
    public async Task<int> ShakeHandsAsync(string name, string token)
    {
        byte[] hello = Hello(name, hasToken: true);
        await SendAsync(hello);
        (int kind, byte[] theirs) = await ReadHandshakeAsync();
        kind.ShouldBe(HelloKind);
        byte[] proven = [.. "DistTrain link 1, connecting end\n"u8, .. hello, .. theirs, .. new byte[32]];
        byte[] proof = HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), proven);
        await SendAsync(Handshake(ProofKind, proof));
        return (await ReadHandshakeAsync()).Kind;
    }

    /// <summary>Waits until the other end closes; what it said until then.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var said = new MemoryStream();
        byte[] buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await _client.GetStream().ReadAsync(buffer)) > 0)
            {
                said.Write(buffer, 0, count);
            }
        }
        catch (IOException)
        {
            // Reset: what we had sent was not even read.
        }

        return said.ToArray();
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}
