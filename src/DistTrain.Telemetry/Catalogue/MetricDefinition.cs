using System.Diagnostics.Metrics;

namespace DistTrain.Telemetry.Catalogue;

/// <summary>What kind of number a metric is, in Prometheus' words.</summary>
public enum MetricKind { Counter, Gauge, Histogram }

/// <summary>
/// A metric of this system, said once: instruments are made from it, and docs/metrics.md is held to it.
/// </summary>
/// <param name="Name">By OpenTelemetry's conventions: words with dots, no unit.</param>
/// <param name="Kind">What it becomes in a scrape.</param>
/// <param name="Unit">In UCUM: s, By, 1, {step}.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Labels">Keys of every series.</param>
public sealed record MetricDefinition(
    string Name, MetricKind Kind, string Unit, string Meaning, IReadOnlyList<string> Labels)
{
    /// <summary>Upper bounds of a histogram's buckets, ascending, in <see cref="Unit"/>.</summary>
    public IReadOnlyList<double>? Buckets { get; init; }

    public Counter<long> Counter(Meter meter) => meter.CreateCounter<long>(Name, Unit, Meaning);

    public Gauge<double> Gauge(Meter meter) => meter.CreateGauge<double>(Name, Unit, Meaning);

    public Histogram<double> Histogram(Meter meter) => meter.CreateHistogram(
        Name, Unit, Meaning, tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });

    /// <summary>A gauge that is asked for when somebody looks.</summary>
    public void Observe(Meter meter, Func<IEnumerable<Measurement<double>>> look)
    {
        if (Kind == MetricKind.Counter)
        {
            meter.CreateObservableCounter(Name, look, Unit, Meaning);
        }
        else
        {
            meter.CreateObservableGauge(Name, look, Unit, Meaning);
        }
    }
}
