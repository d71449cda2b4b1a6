using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Keeps timeline.bin: appends a chunk every block of steps, every second, and when asked. A crash costs what
/// had not reached the file; a chunk that was torn is cut off by whoever goes on with it.
/// The file is bounded. When it is full, every second block of steps goes and from then on every second that
/// comes, so that what is left is spread evenly over the run and each block in it is whole: between a
/// quarter of the bound and all of it, however long the run.
/// </summary>
public sealed class TimelineLog : IDisposable
{
    /// <summary>A step of two workers with eight shards takes about 100 bytes.</summary>
    public const int MostBytes = 16 << 20;

    private const int FlushBytes = 1 << 16;
    private const int MostStride = 1 << 20;
    private readonly string _path;
    private readonly int _mostBytes;
    private readonly ChunkWriter _chunk = new();
    private FileStream _file;
    private int _stride;
    private long _length;

    private TimelineLog(string path, int mostBytes, int stride, long length)
    {
        (_path, _mostBytes, _stride, _length) = (path, mostBytes, stride, length);
        _file = OpenFile();
    }

    /// <summary>Of the blocks of steps every so many-th is kept.</summary>
    public int Stride => _stride;

    /// <summary>Starts an empty timeline; one that is there is emptied.</summary>
    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public static TimelineLog Create(string path, int mostBytes = MostBytes)
    {
        AtomicFile.DeleteQuietly(path);
        return Open(path, mostBytes);
    }

    /// <summary>
    /// Goes on with the timeline of an interrupted run. What is there stays: a step that is done again took
    /// its time twice.
    /// </summary>
    /// <exception cref="RunFaultException">The file cannot be read or written.</exception>
    public static TimelineLog Open(string path, int mostBytes = MostBytes)
    {
        try
        {
            byte[] file = File.Exists(path) ? File.ReadAllBytes(path) : [];
            int? stride = TimelineFormat.StrideOf(file);
            int end = stride is null ? 0 : TimelineFormat.HeadBytes;
            foreach (TimelineChunk chunk in stride is null ? [] : TimelineFormat.Chunks(file))
            {
                end = chunk.End;
            }

            var log = new TimelineLog(path, mostBytes, stride ?? 1, end);
            log._file.SetLength(end);
            if (end == 0)
            {
                log.Append(TimelineFormat.Head(stride: 1));
            }

            return log;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Fault(path, e);
        }
    }

    /// <summary>Takes a step in, unless its block is one of those that are left out.</summary>
    /// <param name="step">One without times is passed over.</param>
    /// <param name="begin">When it began, in ticks of UTC.</param>
    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public void Write(StepMetrics step, long begin)
    {
        if (step.Times is { } times && Keeps(step.Step))
        {
            FlushBefore(step.Step, begin);
            _chunk.Write(step, times, begin);
        }
    }

    /// <summary>Takes in what was done between steps.</summary>
    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public void Write(TimelinePhaseKind kind, long step, long begin, TimeSpan duration)
    {
        if (Keeps(step))
        {
            FlushBefore(step, begin);
            _chunk.Write(kind, step, begin, duration);
        }
    }

    /// <summary>Hands what has gathered to the file.</summary>
    /// <exception cref="RunFaultException">It cannot be written; what had gathered is dropped.</exception>
    public void Flush()
    {
        if (_chunk.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> chunk = _chunk.Take();
        try
        {
            if (_length + chunk.Length > _mostBytes)
            {
                Thin();
            }

            if (Keeps(_chunk.FirstStep))
            {
                Append(chunk);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Fault(_path, e);
        }
    }

    /// <summary>Flushes if it can, and closes.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        catch (RunFaultException)
        {
            // Whoever cares has flushed before, and was told.
        }

        _file.Dispose();
    }

    private bool Keeps(long step) => TimelineFormat.BlockOf(step) % _stride == 0;

    private void FlushBefore(long step, long begin)
    {
        bool full = TimelineFormat.BlockOf(step) != TimelineFormat.BlockOf(_chunk.FirstStep)
            || _chunk.Length >= FlushBytes || begin - _chunk.ZeroTicks > TimeSpan.TicksPerSecond;
        if (full)
        {
            Flush();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _file.Position = _length;
        _file.Write(bytes);
        _length += bytes.Length;
    }

    /// <summary>
    /// Leaves out every second block until half of the bound is free. A run that is resumed over and over
    /// within one block fills the file with that; then the older half goes.
    /// </summary>
    private void Thin()
    {
        byte[] file = File.ReadAllBytes(_path);
        TimelineChunk[] chunks = [.. TimelineFormat.Chunks(file)];
        int stride = _stride;
        long length;
        do
        {
            stride = Math.Min(stride * 2, MostStride);
            chunks = stride < MostStride
                ? [.. chunks.Where(chunk => TimelineFormat.BlockOf(chunk.FirstStep) % stride == 0)]
                : chunks[((chunks.Length + 1) / 2)..];
            length = TimelineFormat.HeadBytes + chunks.Sum(chunk => (long)chunk.End - chunk.Start);
        }
        while (length > _mostBytes / 2);
        AtomicFile.Replace(_path, stream =>
        {
            stream.Write(TimelineFormat.Head(stride));
            foreach (TimelineChunk chunk in chunks)
            {
                stream.Write(file.AsSpan(chunk.Start, chunk.End - chunk.Start));
            }
        });
        FileStream renamed = OpenFile();
        _file.Dispose();
        (_file, _stride, _length) = (renamed, stride, length);
    }

    private FileStream OpenFile() => new(
        _path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
}
