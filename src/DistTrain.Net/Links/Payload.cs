using DistTrain.Core.Memory;

namespace DistTrain.Net.Links;

/// <summary>
/// A stretch of unmanaged memory on its way through a link. Whoever hands it over keeps it alive and as it is
/// until the link gives it back. Floats travel as they lie in memory, little-endian.
/// </summary>
public readonly unsafe struct Payload
{
    private readonly byte* _pointer;

    private Payload(byte* pointer, long bytes)
    {
        _pointer = pointer;
        Bytes = bytes;
    }

    /// <summary>Length in bytes.</summary>
    public long Bytes { get; }

    public byte* Pointer => _pointer;

    /// <summary>A whole buffer.</summary>
    public static Payload Of<T>(NativeBuffer<T> buffer) where T : unmanaged
        => new((byte*)buffer.Pointer, buffer.ByteLength);

    /// <summary>Elements [offset, offset + length) of a buffer.</summary>
    public static Payload Of<T>(NativeBuffer<T> buffer, long offset, long length) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, buffer.Length);
        return new Payload((byte*)(buffer.Pointer + offset), length * sizeof(T));
    }
}
