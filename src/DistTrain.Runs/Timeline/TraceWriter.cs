using System.Text.Json;
using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Writes a timeline as a Chrome trace (the JSON object format of "Trace Event Format", which ui.perfetto.dev
/// and chrome://tracing open): the coordinator and every worker as a process, their work as slices, arrows
/// from orders to shards and from answers to the sum, and counters. Times count from the first step shown.
/// </summary>
public sealed class TraceWriter
{
    private const int Coordinator = 1;
    private const int FlushBytes = 1 << 16;

    /// <summary>Two eighths of a microsecond and a half, so that it is one whatever is cut.</summary>
    private static readonly TimeSpan JustBefore = TimeSpan.FromTicks(3);

    private readonly Utf8JsonWriter _json;
    private readonly TraceEvents _events;
    private readonly Dictionary<string, int> _processes = new(StringComparer.Ordinal);

    private TraceWriter(Utf8JsonWriter json, DateTimeOffset zero)
        => (_json, _events) = (json, new TraceEvents(json, zero));

    /// <summary>Writes steps and what lay between them as one file.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="steps">At least one, in order of time.</param>
    /// <param name="phases">In order of time.</param>
    public static void Write(
        Stream output, string run, IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("displayTimeUnit"u8, "ms"u8);
        json.WriteStartObject("otherData"u8);
        json.WriteString("run"u8, run);
        json.WriteString("begin"u8, steps[0].Begin);
        json.WriteEndObject();
        json.WriteStartArray("traceEvents"u8);
        new TraceWriter(json, steps[0].Begin).Write(steps, phases);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        _events.Process(Coordinator, "coordinator", "steps");
        foreach (TimelineStep step in steps)
        {
            Step(step);
            if (_json.BytesPending > FlushBytes)
            {
                _json.Flush();
            }
        }

        foreach (TimelinePhase phase in phases)
        {
            string name = phase.Kind.ToString().ToLowerInvariant();
            _events.Slice(Coordinator, name, "phase", phase.Begin, phase.Duration);
            _json.WriteNumber("version"u8, phase.Step);
            _events.EndArguments();
        }
    }

    private void Step(TimelineStep step)
    {
        StepTimes times = step.Times;
        _events.Slice(Coordinator, $"step {step.Step}", "step", step.Begin, times.Elapsed);
        _json.WriteNumber("step"u8, step.Step);
        _json.WriteNumber("epoch"u8, step.Epoch);
        _json.WriteNumber("samples"u8, step.Samples);
        _json.WriteBoolean("skipped"u8, step.Skipped);
        _events.EndArguments();
        DateTimeOffset reduce = step.Begin + times.Computing;
        Part("compute", step.Begin, times.Computing);
        Part("reduce", reduce, times.Reducing);
        Part("update", reduce + times.Reducing, times.Updating);
        foreach (WorkerTimes worker in times.Workers)
        {
            Worker(step, worker, ProcessOf(worker.Worker));
        }

        double seconds = times.Elapsed.TotalSeconds;
        _events.Counter(Coordinator, "samples/s", step.Begin, seconds > 0 ? step.Samples / seconds : 0);
        if (float.IsFinite(step.Loss))
        {
            _events.Counter(Coordinator, "loss", step.Begin, step.Loss);
        }
    }

    private void Part(string name, DateTimeOffset begin, TimeSpan duration)
    {
        if (duration > TimeSpan.Zero)
        {
            _events.Slice(Coordinator, name, "phase", begin, duration);
            _events.EndArguments();
        }
    }

    private void Worker(TimelineStep step, WorkerTimes worker, int process)
    {
        bool ordered = false;
        foreach (WorkerSlice slice in WorkerSlices.Of(worker))
        {
            bool isShard = slice.Kind == SliceKind.Shard;
            DateTimeOffset start = step.Begin + slice.Start;
            _events.Slice(
                process, isShard ? $"shard {slice.Shard}" : slice.Kind.ToString().ToLowerInvariant(),
                isShard ? "shard" : "worker", start, slice.Duration);
            _json.WriteNumber("step"u8, step.Step);
            _events.EndArguments();
            if (isShard && !ordered)
            {
                ordered = true;
                _events.Arrow("order", Coordinator, step.Begin + worker.Ordered, process, start);
            }
        }

        // An arrow begins and ends inside slices: just before the answer, and where the sum may begin.
        DateTimeOffset answered = step.Begin + worker.Answered, left = answered - JustBefore;
        _events.Arrow("answer", process, left, Coordinator, answered < step.End ? answered : left);
    }

    private int ProcessOf(string worker)
    {
        if (!_processes.TryGetValue(worker, out int process))
        {
            process = Coordinator + 1 + _processes.Count;
            _processes.Add(worker, process);
            _events.Process(process, worker, "shards");
        }

        return process;
    }
}
