using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// All series of one instrument. Finding one takes no lock and allocates nothing; only a label set that was
/// never seen is kept, and of those a bounded number: what is above goes into one series that says so.
/// </summary>
internal sealed class InstrumentState
{
    private const int MostSeries = 2000;
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel_metric_overflow", "true")];
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

    private readonly ConcurrentDictionary<LabelSet, Series> _series = new(new LabelSetComparer());
    private readonly ConcurrentDictionary<LabelSet, Series>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly Func<Series> _create;

    public InstrumentState(Instrument instrument)
    {
        Instrument = instrument;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        Kind = KindOf(instrument);
        IReadOnlyList<double> bounds =
            (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? UsualBounds;
        _create = Kind switch
        {
            MetricKind.Histogram => () => new HistogramSeries(bounds),
            // What is asked for comes as a total already.
            MetricKind.Counter when !instrument.IsObservable => () => new SumSeries(),
            _ => () => new LastSeries(),
        };
    }

    public Instrument Instrument { get; }

    public MetricKind Kind { get; }

    public IEnumerable<KeyValuePair<LabelSet, Series>> Series => _series;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (!_lookup.TryGetValue(labels, out Series? series))
        {
            ReadOnlySpan<KeyValuePair<string, object?>> kept = _series.Count < MostSeries ? labels : Overflow;
            series = _series.GetOrAdd(new LabelSet(kept), _create());
        }
        series.Record(value);
    }

    /// <summary>
    /// Before an instrument is asked: what it does not name any more, such as a node that has gone, is gone.
    /// </summary>
    public void Forget() => _series.Clear();

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }
}
