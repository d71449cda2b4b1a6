using System.IO.Pipelines;

namespace DistTrain.Net.Framing;

/// <summary>
/// One end of two pipes in opposite directions: what a connected socket is, in memory. A pipe holds as much
/// as a socket's buffers might, and then whoever writes waits.
/// </summary>
internal sealed class MemoryDuplex(PipeReader reader, PipeWriter writer) : Stream
{
    private const int MostBytes = 1 << 20;
    private const int SegmentBytes = 64 << 10;

    private readonly Stream _reading = reader.AsStream();

    public static (MemoryDuplex First, MemoryDuplex Second) Pair()
    {
        var (there, back) = (NewPipe(), NewPipe());
        return (new(back.Reader, there.Writer), new(there.Reader, back.Writer));
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _reading.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await writer.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
        {
            throw new IOException("the other end is gone");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // What was written is there to be read.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reading.Dispose();
            writer.Complete();
        }
        base.Dispose(disposing);
    }

    private static Pipe NewPipe() => new(new PipeOptions(
        pauseWriterThreshold: MostBytes, resumeWriterThreshold: MostBytes / 2,
        minimumSegmentSize: SegmentBytes, useSynchronizationContext: false));
}
