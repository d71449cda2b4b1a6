using System.Security.Cryptography;
using System.Text;

namespace DistTrain.Net.Handshakes;

/// <summary>
/// HMAC-SHA256 under the token over: the role of who proves, both hellos as they travelled (each with its
/// nonce), and the channel. The role keeps a proof from being sent back to where it came from; the nonces
/// keep it from being used again; the channel, under TLS the hash of the listening end's certificate and
/// else zeros, keeps a man in the middle from passing it on through a TLS of his own.
/// </summary>
internal static class Proof
{
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>Of a link without TLS.</summary>
    public static readonly byte[] NoChannel = new byte[SHA256.HashSizeInBytes];

    public static byte[] Connecting(string? token, HandshakeTranscript transcript)
        => Compute(token, "DistTrain link 1, connecting end\n"u8, transcript);

    public static byte[] Listening(string? token, HandshakeTranscript transcript)
        => Compute(token, "DistTrain link 1, listening end\n"u8, transcript);

    /// <summary>In a time that says nothing about where they differ.</summary>
    public static bool Holds(ReadOnlySpan<byte> given, byte[] expected)
        => CryptographicOperations.FixedTimeEquals(given, expected);

    private static byte[] Compute(string? token, ReadOnlySpan<byte> role, HandshakeTranscript transcript)
    {
        using var mac = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token ?? string.Empty));
        mac.AppendData(role);
        mac.AppendData(transcript.ConnectingHello);
        mac.AppendData(transcript.ListeningHello);
        mac.AppendData(transcript.Channel);
        return mac.GetHashAndReset();
    }
}

/// <summary>Both hello frames as they travelled, and 32 bytes that name the channel.</summary>
internal sealed record HandshakeTranscript(byte[] ConnectingHello, byte[] ListeningHello, byte[] Channel);
