using System.Buffers.Binary;
using System.Text;
using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Reads the records of one chunk back. Counts and lengths are checked before memory is taken.
/// </summary>
/// <param name="file">The whole file.</param>
/// <param name="chunk">The chunk within it; its checksum is right.</param>
internal sealed class ChunkReader(byte[] file, TimelineChunk chunk)
{
    private const int LongestName = 1024;

    /// <summary>
    /// Longer than anything here takes, and short enough that sums of it stay in the calendar.
    /// </summary>
    private const long MostTicks = TimeSpan.TicksPerDay * 100_000;

    private static readonly long _lastTicks = new DateTime(9000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private readonly List<string> _names = [];
    private int _at = chunk.RecordsStart;

    /// <exception cref="InvalidDataException">Whoever wrote this did not write a timeline.</exception>
    public void Read(List<TimelineStep> steps, List<TimelinePhase> phases)
    {
        while (_at < chunk.End)
        {
            var kind = (RecordKind)Byte();
            long step = Bounded(chunk.FirstStep + Signed(), long.MaxValue - 1);
            var begin = new DateTimeOffset(Bounded(chunk.ZeroTicks + Signed(), _lastTicks), TimeSpan.Zero);
            switch (kind)
            {
                case RecordKind.Step or RecordKind.SkippedStep:
                    steps.Add(Step(step, begin, kind == RecordKind.SkippedStep));
                    break;
                case RecordKind.Phase:
                    phases.Add(new TimelinePhase(
                        (TimelinePhaseKind)(1 + Bounded(Number() - 1, 1)), step, begin, Time()));
                    break;
                default:
                    throw new InvalidDataException($"a record is of the unknown kind {(byte)kind}");
            }
        }
    }

    private TimelineStep Step(long step, DateTimeOffset begin, bool skipped)
    {
        int epoch = (int)Bounded(Number(), int.MaxValue);
        (TimeSpan computing, TimeSpan reducing, TimeSpan updating) = (Time(), Time(), Time());
        int samples = (int)Bounded(Number(), int.MaxValue);
        float loss = BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float)));
        var workers = new WorkerTimes[Count()];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = Worker(computing + reducing + updating);
        }

        return new TimelineStep(
            step, epoch, begin, samples, loss, skipped,
            new StepTimes(computing, reducing, updating, workers));
    }

    private WorkerTimes Worker(TimeSpan step)
    {
        string name = Name();
        TimeSpan ordered = Time();
        TimeSpan busy = Time();
        TimeSpan compute = Time();
        var shards = new ShardTimes[Count()];
        int next = 0;
        TimeSpan end = ordered;
        for (int i = 0; i < shards.Length; i++)
        {
            int shard = (int)Bounded(next + Signed(), int.MaxValue - 1);
            var start = new TimeSpan(Bounded(end.Ticks + Signed(), MostTicks));
            shards[i] = new ShardTimes(shard, start, Time());
            (next, end) = (shard + 1, start + shards[i].Duration);
        }

        Bounded((busy - compute).Ticks, MostTicks);
        Bounded((step - ordered - busy).Ticks, MostTicks);
        return new WorkerTimes(
            name, ordered, ordered + busy, compute, busy - compute, step - ordered - busy, shards);
    }

    private string Name()
    {
        int index = (int)Bounded(Number(), _names.Count);
        if (index == _names.Count)
        {
            _names.Add(Encoding.UTF8.GetString(Bytes((int)Bounded(Number(), LongestName))));
        }

        return _names[index];
    }

    /// <summary>How many things follow; each of them takes a byte at least.</summary>
    private int Count() => (int)Bounded(Number(), chunk.End - _at);

    private TimeSpan Time() => new(Bounded(Number(), MostTicks));

    private long Signed()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private long Number() => (long)Varint();

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    private static long Bounded(long value, long most)
        => value >= 0 && value <= most
            ? value : throw new InvalidDataException($"a number is {value}, at most {most} makes sense");

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (chunk.End - _at < count)
        {
            throw new InvalidDataException("a record ends before its end");
        }

        _at += count;
        return file.AsSpan(_at - count, count);
    }
}
