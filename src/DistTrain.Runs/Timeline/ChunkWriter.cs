using System.Buffers.Binary;
using System.Text;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Writes the records of one chunk after another into memory. Numbers are base-128 varints, those that may be
/// negative zigzag, times in units of 100 ns; a worker's name is written where it is first met in a chunk.
/// docs/formats.md has every field.
/// </summary>
internal sealed class ChunkWriter
{
    /// <summary>More shards than anyone can look at: such a step is kept without them.</summary>
    private const int MostShards = 4096;

    private const int LongestVarint = 10;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private byte[] _bytes = new byte[1 << 14];
    private int _length = TimelineFormat.ChunkHeadBytes;
    private long _firstStep;
    private long _zeroTicks;

    public bool IsEmpty => _length == TimelineFormat.ChunkHeadBytes;

    public int Length => _length;

    public long FirstStep => _firstStep;

    public long ZeroTicks => _zeroTicks;

    /// <param name="step">A step of the chunk's block.</param>
    /// <param name="times">Its times.</param>
    /// <param name="beginTicks">When it began, in ticks of UTC.</param>
    public void Write(StepMetrics step, StepTimes times, long beginTicks)
    {
        BeginRecord(step.Skipped ? RecordKind.SkippedStep : RecordKind.Step, step.Step, beginTicks);
        Number(step.Epoch);
        Time(times.Computing);
        Time(times.Reducing);
        Time(times.Updating);
        Number(step.Samples);
        Reserve(sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(_length), (float)step.Loss);
        _length += sizeof(float);
        int shards = 0;
        foreach (WorkerTimes worker in times.Workers)
        {
            shards += worker.Shards.Count;
        }

        Number(times.Workers.Count);
        foreach (WorkerTimes worker in times.Workers)
        {
            Write(worker, shards <= MostShards);
        }
    }

    public void Write(TimelinePhaseKind kind, long step, long beginTicks, TimeSpan duration)
    {
        BeginRecord(RecordKind.Phase, step, beginTicks);
        Number((int)kind);
        Time(duration);
    }

    /// <summary>The chunk as it goes to the file; the next record begins another.</summary>
    public ReadOnlySpan<byte> Take()
    {
        Span<byte> chunk = _bytes.AsSpan(0, _length);
        TimelineFormat.Seal(chunk, _zeroTicks, _firstStep);
        _length = TimelineFormat.ChunkHeadBytes;
        _names.Clear();
        return chunk;
    }

    private void BeginRecord(RecordKind kind, long step, long beginTicks)
    {
        if (IsEmpty)
        {
            (_firstStep, _zeroTicks) = (step, beginTicks);
        }

        Reserve(1);
        _bytes[_length++] = (byte)kind;
        Signed(step - _firstStep);
        Signed(beginTicks - _zeroTicks);
    }

    private void Write(WorkerTimes worker, bool withShards)
    {
        Name(worker.Worker);
        Time(worker.Ordered);
        Time(worker.Answered - worker.Ordered);
        Time(worker.Compute);
        Number(withShards ? worker.Shards.Count : 0);
        int next = 0;
        TimeSpan end = worker.Ordered;
        for (int i = 0; withShards && i < worker.Shards.Count; i++)
        {
            ShardTimes shard = worker.Shards[i];
            Signed(shard.Shard - next);
            Signed((shard.Start - end).Ticks);
            Time(shard.Duration);
            (next, end) = (shard.Shard + 1, shard.Start + shard.Duration);
        }
    }

    private void Name(string name)
    {
        bool isKnown = _names.TryGetValue(name, out int index);
        Number(isKnown ? index : _names.Count);
        if (!isKnown)
        {
            _names.Add(name, _names.Count);
            int bytes = Encoding.UTF8.GetByteCount(name);
            Number(bytes);
            Reserve(bytes);
            _length += Encoding.UTF8.GetBytes(name, _bytes.AsSpan(_length));
        }
    }

    private void Time(TimeSpan time) => Number(time.Ticks);

    private void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private void Number(long value) => Varint((ulong)value);

    private void Varint(ulong value)
    {
        Reserve(LongestVarint);
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[_length++] = (byte)(value | 0x80);
        }

        _bytes[_length++] = (byte)value;
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        }
    }
}

/// <summary>The first byte of a record.</summary>
internal enum RecordKind : byte { Step = 1, Phase = 2, SkippedStep = 3 }
