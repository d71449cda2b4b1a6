using System.Text.Json;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// The events of a Chrome trace ("Trace Event Format"), one call each: slices ("X"), counters ("C"), arrows
/// ("s" and "f") and names of processes ("M"). Each process has one track. Times are in microseconds, in
/// eighths: viewers add a slice's begin and duration as floating-point numbers, which is exact for eighths,
/// so that a slice ends for them where the next one begins. With decimals it ends a trace later or earlier,
/// and they no longer nest.
/// </summary>
/// <param name="json">Within the array of events.</param>
/// <param name="zero">What times count from.</param>
internal sealed class TraceEvents(Utf8JsonWriter json, DateTimeOffset zero)
{
    private const int Track = 1;
    private long _arrows;

    public void Process(int process, string name, string track)
    {
        Metadata(process, "process_name"u8);
        json.WriteString("name"u8, name);
        EndArguments();
        Metadata(process, "process_sort_index"u8);
        json.WriteNumber("sort_index"u8, process);
        EndArguments();
        Metadata(process, "thread_name"u8);
        json.WriteString("name"u8, track);
        EndArguments();
    }

    /// <summary>
    /// A slice up to its arguments, which may follow; <see cref="EndArguments"/> ends it.
    /// </summary>
    public void Slice(int process, string name, string category, DateTimeOffset begin, TimeSpan duration)
    {
        Begin("X"u8, process);
        json.WriteString("name"u8, name);
        json.WriteString("cat"u8, category);
        decimal from = Eighths(begin - zero);
        json.WriteNumber("ts"u8, from);
        json.WriteNumber("dur"u8, Eighths(begin + duration - zero) - from);
        json.WriteStartObject("args"u8);
    }

    public void EndArguments()
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Counter(int process, string name, DateTimeOffset at, double value)
    {
        Begin("C"u8, process);
        json.WriteString("name"u8, name);
        json.WriteNumber("ts"u8, Eighths(at - zero));
        json.WriteStartObject("args"u8);
        json.WriteNumber("value"u8, value);
        EndArguments();
    }

    public void Arrow(string name, int from, DateTimeOffset left, int to, DateTimeOffset arrived)
    {
        _arrows++;
        ArrowEnd("s"u8, name, from, left);
        ArrowEnd("f"u8, name, to, arrived);
    }

    private void ArrowEnd(ReadOnlySpan<byte> phase, string name, int process, DateTimeOffset at)
    {
        Begin(phase, process);
        json.WriteString("name"u8, name);
        json.WriteString("cat"u8, "message"u8);
        json.WriteNumber("id"u8, _arrows);
        json.WriteNumber("ts"u8, Eighths(at - zero));
        // It binds to the slice around this moment, not to the next one that begins.
        json.WriteString("bp"u8, "e"u8);
        json.WriteEndObject();
    }

    private void Metadata(int process, ReadOnlySpan<byte> what)
    {
        Begin("M"u8, process);
        json.WriteString("name"u8, what);
        json.WriteStartObject("args"u8);
    }

    private void Begin(ReadOnlySpan<byte> phase, int process)
    {
        json.WriteStartObject();
        json.WriteString("ph"u8, phase);
        json.WriteNumber("pid"u8, process);
        json.WriteNumber("tid"u8, Track);
    }

    /// <summary>The last eighth of a microsecond that is not after it.</summary>
    private static decimal Eighths(TimeSpan time)
        => Math.Floor(time.Ticks * 8 / (decimal)TimeSpan.TicksPerMicrosecond) / 8;
}
