namespace DistTrain.Net.Framing;

/// <summary>
/// How long the next chunk is: as long as the network takes in a few milliseconds, for that is how long a
/// control message may have to wait behind it, and no longer than the options say. Over the loopback a
/// payload of 2 MB took a third longer in chunks of 1 MiB than in one.
/// </summary>
internal sealed class ChunkPace
{
    private const int LeastBytes = 256 << 10;

    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan _long = TimeSpan.FromMilliseconds(10);

    private readonly int _mostBytes;

    public ChunkPace(int mostBytes) => _mostBytes = Bytes = mostBytes;

    public int Bytes { get; private set; }

    /// <param name="bytes">Of the chunk that was written; one shorter than asked for says nothing.</param>
    /// <param name="took">Until the network had taken it.</param>
    public void Wrote(int bytes, TimeSpan took)
    {
        if (took > _long)
        {
            Bytes = Math.Min(_mostBytes, Math.Max(LeastBytes, Bytes / 2));
        }
        else if (took < _short && bytes == Bytes)
        {
            Bytes = (int)Math.Min(_mostBytes, Bytes * 2L);
        }
    }
}
