using System.Runtime.InteropServices;

namespace DistTrain.Core.Memory;

/// <summary>
/// A fixed-size block of unmanaged memory, 64-byte aligned and zeroed at birth. Parameters, gradients and
/// batches live in such blocks because three parties address them: SIMD kernels here, libtorch behind the
/// engine seam, and sockets. The garbage collector never moves, scans or frees them: the owner disposes.
/// </summary>
public sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* _pointer;

    /// <param name="length">Number of elements; zero is allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)Math.Max(length, 1) * (nuint)sizeof(T));
        _pointer = (T*)HugePages.Allocate(bytes, Alignment);
        NativeMemory.Clear(_pointer, bytes);
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Size in bytes.</summary>
    public long ByteLength => Length * sizeof(T);

    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer is null, this);
            return _pointer;
        }
    }

    /// <summary>
    /// The whole block; blocks beyond two billion elements are reached by <see cref="Slice"/>.
    /// </summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    /// <summary>Elements [offset, offset + length).</summary>
    public Span<T> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Span<T>(Pointer + offset, length);
    }

    public void Dispose()
    {
        if (_pointer is not null)
        {
            NativeMemory.AlignedFree(_pointer);
            _pointer = null;
        }
    }
}
