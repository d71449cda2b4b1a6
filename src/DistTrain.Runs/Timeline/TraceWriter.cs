using System.Text.Json;
using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Writes a timeline as a Chrome trace (the JSON object format of "Trace Event Format", which ui.perfetto.dev
/// and chrome://tracing open): the coordinator and every worker as a process, their work as slices, arrows
/// from orders to shards and from answers to the sum, and counters. Times are in microseconds from the first
/// step shown.
/// </summary>
public sealed class TraceWriter : IDisposable
{
    private const int Coordinator = 1;
    private const int Track = 1;
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, int> _processes = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _zero;
    private long _arrows;

    private TraceWriter(Stream output, DateTimeOffset zero)
    {
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        _zero = zero;
    }

    /// <summary>Writes steps and what lay between them as one file.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="steps">At least one, in order of time.</param>
    /// <param name="phases">In order of time.</param>
    public static void Write(
        Stream output, string run, IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        using var writer = new TraceWriter(output, steps[0].Begin);
        writer.Write(run, steps, phases);
    }

    public void Dispose() => _json.Dispose();

    private void Write(
        string run, IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit"u8, "ms"u8);
        _json.WriteStartObject("otherData"u8);
        _json.WriteString("run"u8, run);
        _json.WriteString("begin"u8, _zero);
        _json.WriteEndObject();
        _json.WriteStartArray("traceEvents"u8);
        Process(Coordinator, "coordinator");
        foreach (TimelineStep step in steps)
        {
            Step(step);
            if (_json.BytesPending > 1 << 16)
            {
                _json.Flush();
            }
        }

        foreach (TimelinePhase phase in phases)
        {
            Slice(Coordinator, phase.Kind.ToString().ToLowerInvariant(), "phase", phase.Begin, phase.Duration);
            _json.WriteNumber("version"u8, phase.Step);
            EndSlice();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void Step(TimelineStep step)
    {
        StepTimes times = step.Times;
        Slice(Coordinator, $"step {step.Step}", "step", step.Begin, times.Elapsed);
        _json.WriteNumber("step"u8, step.Step);
        _json.WriteNumber("epoch"u8, step.Epoch);
        _json.WriteNumber("samples"u8, step.Samples);
        _json.WriteBoolean("skipped"u8, step.Skipped);
        EndSlice();
        DateTimeOffset reduce = step.Begin + times.Computing, update = reduce + times.Reducing;
        Plain(Coordinator, "compute", step.Begin, times.Computing);
        Plain(Coordinator, "reduce", reduce, times.Reducing);
        Plain(Coordinator, "update", update, times.Updating);
        foreach (WorkerTimes worker in times.Workers)
        {
            Worker(step, worker, ProcessOf(worker.Worker));
        }

        Counter("samples/s", step.Begin, times.Elapsed > TimeSpan.Zero
            ? step.Samples / times.Elapsed.TotalSeconds : 0);
        if (float.IsFinite(step.Loss))
        {
            Counter("loss", step.Begin, step.Loss);
        }
    }

    private void Worker(TimelineStep step, WorkerTimes worker, int process)
    {
        bool ordered = false;
        foreach (WorkerSlice slice in WorkerSlices.Of(worker))
        {
            string name = slice.Kind == SliceKind.Shard
                ? $"shard {slice.Shard}" : slice.Kind.ToString().ToLowerInvariant();
            Slice(process, name, slice.Kind == SliceKind.Shard ? "shard" : "worker",
                step.Begin + slice.Start, slice.Duration);
            _json.WriteNumber("step"u8, step.Step);
            EndSlice();
            if (slice.Kind == SliceKind.Shard && !ordered)
            {
                ordered = true;
                Arrow("order", Coordinator, step.Begin + worker.Ordered, process, step.Begin + slice.Start);
            }
        }

        // An arrow begins and ends inside slices: just before the answer, and where the sum may begin.
        DateTimeOffset answered = step.Begin + worker.Answered, left = answered - TimeSpan.FromTicks(1);
        Arrow("answer", process, left, Coordinator, answered < step.End ? answered : left);
    }

    private int ProcessOf(string worker)
    {
        if (!_processes.TryGetValue(worker, out int process))
        {
            process = Coordinator + 1 + _processes.Count;
            _processes.Add(worker, process);
            Process(process, worker);
        }

        return process;
    }

    private void Process(int process, string name)
    {
        Metadata(process, "process_name"u8);
        _json.WriteString("name"u8, name);
        EndSlice();
        Metadata(process, "process_sort_index"u8);
        _json.WriteNumber("sort_index"u8, process);
        EndSlice();
        Metadata(process, "thread_name"u8);
        _json.WriteString("name"u8, process == Coordinator ? "steps"u8 : "shards"u8);
        EndSlice();
    }

    private void Metadata(int process, ReadOnlySpan<byte> what)
    {
        Begin("M"u8, process);
        _json.WriteString("name"u8, what);
        _json.WriteStartObject("args"u8);
    }

    private void Plain(int process, string name, DateTimeOffset begin, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
        {
            Slice(process, name, "phase", begin, duration);
            EndSlice();
        }
    }

    /// <summary>A slice up to its arguments, which may follow; <see cref="EndSlice"/> ends it.</summary>
    private void Slice(int process, string name, string category, DateTimeOffset begin, TimeSpan duration)
    {
        Begin("X"u8, process);
        _json.WriteString("name"u8, name);
        _json.WriteString("cat"u8, category);
        Time("ts"u8, begin - _zero);
        Time("dur"u8, duration);
        _json.WriteStartObject("args"u8);
    }

    private void EndSlice()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Counter(string name, DateTimeOffset at, double value)
    {
        Begin("C"u8, Coordinator);
        _json.WriteString("name"u8, name);
        Time("ts"u8, at - _zero);
        _json.WriteStartObject("args"u8);
        _json.WriteNumber("value"u8, value);
        EndSlice();
    }

    private void Arrow(string name, int from, DateTimeOffset left, int to, DateTimeOffset arrived)
    {
        _arrows++;
        End("s"u8, from, left);
        End("f"u8, to, arrived);

        void End(ReadOnlySpan<byte> phase, int process, DateTimeOffset at)
        {
            Begin(phase, process);
            _json.WriteString("name"u8, name);
            _json.WriteString("cat"u8, "message"u8);
            _json.WriteNumber("id"u8, _arrows);
            Time("ts"u8, at - _zero);
            if (phase.SequenceEqual("f"u8))
            {
                // The arrow ends in the slice around this moment, not at the next one's begin.
                _json.WriteString("bp"u8, "e"u8);
            }

            _json.WriteEndObject();
        }
    }

    private void Begin(ReadOnlySpan<byte> phase, int process)
    {
        _json.WriteStartObject();
        _json.WriteString("ph"u8, phase);
        _json.WriteNumber("pid"u8, process);
        _json.WriteNumber("tid"u8, Track);
    }

    /// <summary>Microseconds with a decimal: to the unit that times are kept in.</summary>
    private void Time(ReadOnlySpan<byte> name, TimeSpan time)
        => _json.WriteNumber(name, time.Ticks / (decimal)TimeSpan.TicksPerMicrosecond);
}
