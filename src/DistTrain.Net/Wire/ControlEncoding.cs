using Google.Protobuf;
using IMessage = DistTrain.Core.Hosting.IMessage;

namespace DistTrain.Net.Wire;

/// <summary>
/// Control messages as bytes, for a carrier other than a link's own frames: the same protobuf, held to the
/// same limits.
/// </summary>
public static class ControlEncoding
{
    /// <exception cref="ArgumentException">
    /// The message is none that travels, or longer than <paramref name="mostBytes"/>: a mistake of ours.
    /// </exception>
    public static byte[] Encode(IMessage message, int mostBytes)
    {
        Proto.Envelope envelope = WireCodec.ToWire(message);
        int bytes = envelope.CalculateSize();
        return bytes <= mostBytes
            ? envelope.ToByteArray()
            : throw new ArgumentException(
                $"{message.GetType().Name} has {bytes} bytes; {mostBytes} are allowed", nameof(message));
    }

    /// <exception cref="ProtocolFaultException">The bytes are no valid message.</exception>
    public static IMessage Decode(ReadOnlySpan<byte> bytes) => WireCodec.Decode(bytes);
}
