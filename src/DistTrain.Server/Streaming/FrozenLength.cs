namespace DistTrain.Server.Streaming;

/// <summary>
/// A file as long as it was when it was asked for. The metrics of a running job grow while they are sent, and
/// an answer must be as long as its header has said.
/// </summary>
internal sealed class FrozenLength(Stream inner) : Stream
{
    private readonly long _length = inner.Length;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count)
        => inner.Read(buffer, offset, Allowed(count));

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
        => inner.ReadAsync(buffer[..Allowed(buffer.Length)], cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(
        origin == SeekOrigin.End ? _length + offset : offset,
        origin == SeekOrigin.End ? SeekOrigin.Begin : origin);

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Allowed(int wanted) => (int)Math.Clamp(_length - inner.Position, 0, wanted);
}
