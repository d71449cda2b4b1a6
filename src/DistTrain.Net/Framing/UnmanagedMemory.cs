using System.Buffers;

namespace DistTrain.Net.Framing;

/// <summary>
/// A window on unmanaged memory in the form streams take, moved from chunk to chunk so that none costs an
/// object. What was handed out before a move must not be in use any more.
/// </summary>
internal sealed unsafe class UnmanagedMemory : MemoryManager<byte>
{
    private byte* _pointer;
    private int _length;

    public Memory<byte> At(byte* pointer, int length)
    {
        _pointer = pointer;
        _length = length;
        return CreateMemory(length);
    }

    public override Span<byte> GetSpan() => new(_pointer, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_pointer + elementIndex);

    public override void Unpin()
    {
        // Unmanaged memory does not move.
    }

    protected override void Dispose(bool disposing) => _pointer = null;
}
