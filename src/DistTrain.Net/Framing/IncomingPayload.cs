using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Framing;

/// <summary>A payload on its way in: where its next chunk goes, and what of it is still to come.</summary>
internal sealed unsafe class IncomingPayload
{
    private readonly byte* _destination;

    public IncomingPayload(long transfer, IMessage announcement, long bytes, Payload? destination)
    {
        if (destination is { } given && given.Bytes != bytes)
        {
            throw new InvalidOperationException(
                $"{given.Bytes} bytes of memory were given for a payload of {bytes}");
        }
        Transfer = transfer;
        Announcement = announcement;
        Remaining = bytes;
        IsWanted = destination is not null;
        _destination = IsWanted ? destination!.Value.Pointer + bytes : null;
    }

    public long Transfer { get; }

    public IMessage Announcement { get; }

    public long Remaining { get; private set; }

    /// <summary>False: its bytes are read past.</summary>
    public bool IsWanted { get; }

    /// <summary>The place of the next chunk; to be called once for each, for it counts the chunk.</summary>
    /// <exception cref="ProtocolFaultException">The chunk is none of this payload.</exception>
    public void Accept(FrameHeader chunk)
    {
        if (chunk.Transfer != Transfer || chunk.Length > Remaining)
        {
            throw new ProtocolFaultException(
                $"a chunk of {chunk.Length} bytes for transfer {chunk.Transfer} where transfer {Transfer} "
                + $"lacks {Remaining}");
        }
        Remaining -= chunk.Length;
    }

    /// <summary>Memory of the chunk accepted last.</summary>
    public Memory<byte> Place(UnmanagedMemory window, int length)
        => window.At(_destination - Remaining - length, length);
}
