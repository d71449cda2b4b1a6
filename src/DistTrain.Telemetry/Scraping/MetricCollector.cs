using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// Keeps what the meters of one scope measure, and what .NET's own meter says of the process, until somebody
/// looks. A meter that is disposed takes its series with it.
/// </summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, InstrumentState> _states = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _looking = new();

    /// <param name="wanted">Which instruments are kept.</param>
    public MetricCollector(Func<Instrument, bool> wanted)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (wanted(instrument))
            {
                listener.EnableMeasurementEvents(
                    instrument, _states.GetOrAdd(instrument, one => new InstrumentState(one)));
            }
        };
        _listener.MeasurementsCompleted = (instrument, _) =>
            _states.TryRemove(instrument, out InstrumentState? _);
        _listener.SetMeasurementEventCallback<double>(
            static (_, value, labels, state) => Record(state, value, labels));
        _listener.SetMeasurementEventCallback<long>(
            static (_, value, labels, state) => Record(state, value, labels));
        _listener.SetMeasurementEventCallback<int>(
            static (_, value, labels, state) => Record(state, value, labels));
        _listener.Start();
    }

    /// <summary>
    /// Every instrument as it stands; those that are asked are asked now, one look at a time.
    /// </summary>
    public IReadOnlyList<InstrumentState> Look()
    {
        lock (_looking)
        {
            foreach (InstrumentState state in _states.Values.Where(state => state.Instrument.IsObservable))
            {
                state.Forget();
            }
            _listener.RecordObservableInstruments();
            return [.. _states.Values];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(
        object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        => ((InstrumentState)state!).Record(value, labels);
}
