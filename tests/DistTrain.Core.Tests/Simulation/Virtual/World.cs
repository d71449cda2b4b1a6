using System.Globalization;
using DistTrain.Core.Tests.Simulation.Faults;

namespace DistTrain.Core.Tests.Simulation.Virtual;

/// <summary>Something that must hold did not.</summary>
internal sealed class InvariantViolation(string text) : Exception(text);

/// <summary>
/// Virtual time: events wait in a queue and happen one at a time, those of one moment in the order in which
/// they were made.
/// </summary>
internal sealed class World(int seed, Mutation mutation, bool traced)
{
    private readonly PriorityQueue<Action, (long Ticks, long Number)> _events = new();
    private readonly List<string> _trace = [];
    private long _number;

    public Chance Chance { get; } = new(seed);

    public Mutation Mutation => mutation;

    public FaultCensus Census { get; } = new();

    public TimeSpan Now { get; private set; }

    public long Handled { get; private set; }

    public bool IsTraced => traced;

    public IReadOnlyList<string> Trace => _trace;

    public void After(TimeSpan delay, Action action)
        => _events.Enqueue(action, ((Now + delay).Ticks, _number++));

    /// <summary>Lets the next event happen; false when there is none.</summary>
    public bool Step()
    {
        if (!_events.TryDequeue(out Action? action, out (long Ticks, long Number) at))
        {
            return false;
        }
        Now = TimeSpan.FromTicks(at.Ticks);
        Handled++;
        action();
        return true;
    }

    /// <summary>A line of the trace; the text is made only when someone is to read it.</summary>
    public void Note(string who, string what, object? content = null)
    {
        if (traced)
        {
            string time = Now.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
            _trace.Add($"{time,11}  {who,-13} {what} {content}");
        }
    }

    public void Demand(bool holds, string invariant)
    {
        if (!holds)
        {
            throw new InvariantViolation(invariant);
        }
    }
}
