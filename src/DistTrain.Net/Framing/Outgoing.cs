using DistTrain.Net.Links;
using DistTrain.Net.Wire;
using Proto = DistTrain.Net.Wire.Proto;

namespace DistTrain.Net.Framing;

/// <summary>A control message on its way out, translated and measured by whoever sends it.</summary>
/// <param name="Bytes">Of the encoded message, without the frame's header.</param>
internal readonly record struct OutgoingMessage(Proto.Envelope Envelope, int Bytes)
{
    /// <exception cref="ArgumentException">It does not travel, or is too long for any link.</exception>
    public static OutgoingMessage From(Core.Hosting.IMessage message, LinkOptions options)
    {
        var envelope = WireCodec.ToWire(message);
        int bytes = envelope.CalculateSize();
        return bytes <= options.MostControlBytes
            ? new OutgoingMessage(envelope, bytes)
            : throw new ArgumentException(
                $"{message.GetType().Name} has {bytes} bytes; {options.MostControlBytes} are allowed",
                nameof(message));
    }
}

/// <summary>A payload on its way out.</summary>
internal sealed class OutgoingPayload(
    OutgoingMessage announcement, Payload payload, Action<bool> released, bool lendsThread)
{
    private readonly int _lender = lendsThread ? Environment.CurrentManagedThreadId : 0;

    /// <summary>Whether this is the thread that was lent for writing it.</summary>
    public bool IsOnLentThread => _lender == Environment.CurrentManagedThreadId;

    public OutgoingMessage Announcement { get; } = announcement;

    public Payload Payload { get; } = payload;

    /// <summary>Bytes that have been handed to the network.</summary>
    public long Sent { get; private set; }

    public long Remaining => Payload.Bytes - Sent;

    public void Advance(int bytes) => Sent += bytes;

    /// <summary>Gives the memory back. Whoever holds the payload calls this once and lets go of it.</summary>
    public void Release(bool sent) => released(sent);
}
