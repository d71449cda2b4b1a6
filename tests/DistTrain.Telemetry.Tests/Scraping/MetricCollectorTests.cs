using System.Diagnostics.Metrics;
using DistTrain.Telemetry.Scraping;

namespace DistTrain.Telemetry.Tests.Scraping;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly object _scope = new();
    private readonly MetricCollector _collector;

    public MetricCollectorTests()
        => _collector = new MetricCollector(instrument => instrument.Meter.Scope == _scope);

    [Fact]
    public void The_series_of_a_meter_go_with_it()
    {
        using Meter stays = Meter();
        stays.CreateCounter<long>("stays").Add(1);
        using (Meter goes = Meter())
        {
            goes.CreateCounter<long>("goes").Add(1);
            Names().ShouldBe(["goes", "stays"], ignoreOrder: true);
        }

        Names().ShouldBe(["stays"]);
    }

    [Fact]
    public void What_an_instrument_does_not_name_any_more_is_gone()
    {
        using Meter meter = Meter();
        string[] nodes = ["w1", "w2"];
        meter.CreateObservableGauge("silence", () => nodes.Select(
            node => new Measurement<double>(1, new KeyValuePair<string, object?>("worker", node))));
        _collector.Look().ShouldHaveSingleItem().Series.Count().ShouldBe(2);

        nodes = ["w2"];

        _collector.Look().ShouldHaveSingleItem().Series
            .ShouldHaveSingleItem().Key.Labels[0].Value.ShouldBe("w2");
    }

    [Fact]
    public void More_label_sets_than_there_is_room_for_share_one_series()
    {
        using Meter meter = Meter();
        Counter<long> counter = meter.CreateCounter<long>("c");
        for (int i = 0; i < 5000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("worker", $"w{i}"));
        }

        var series = _collector.Look().ShouldHaveSingleItem().Series.ToArray();

        series.Length.ShouldBe(2001);
        series.Sum(one => ((SumSeries)one.Value).Sum).ShouldBe(5000);
        ((SumSeries)series.Single(one => one.Key.Labels[0].Key == "otel_metric_overflow").Value).Sum
            .ShouldBe(3000);
    }

    [Fact]
    public void No_measurement_is_lost_between_threads_and_scrapes()
    {
        const int Threads = 4, Each = 20_000;
        using Meter meter = Meter();
        Histogram<double> histogram = meter.CreateHistogram<double>("h");
        Parallel.For(0, Threads + 1, new ParallelOptions { MaxDegreeOfParallelism = Threads + 1 }, thread =>
        {
            for (int i = 0; i < (thread == Threads ? 50 : Each); i++)
            {
                if (thread == Threads)
                {
                    new PrometheusText(isOpenMetrics: true).Write(_collector.Look());
                }
                else
                {
                    histogram.Record(0.5, new KeyValuePair<string, object?>("worker", "w"));
                }
            }
        });

        var series = (HistogramSeries)_collector.Look().ShouldHaveSingleItem().Series
            .ShouldHaveSingleItem().Value;

        series.Counts().Sum().ShouldBe(Threads * Each);
        series.Sum.ShouldBe(Threads * Each * 0.5);
    }

    [Fact]
    public void A_measurement_of_a_known_series_allocates_nothing()
    {
        using Meter meter = Meter();
        Histogram<double> histogram = meter.CreateHistogram<double>("h");
        Counter<long> counter = meter.CreateCounter<long>("c");
        var worker = new KeyValuePair<string, object?>("worker", "w");
        var part = new KeyValuePair<string, object?>("part", "compute");
        Measure(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Measure(1000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Measure(int times)
        {
            for (int i = 0; i < times; i++)
            {
                histogram.Record(i * 1e-4, worker, part);
                counter.Add(1, worker);
            }
        }
    }

    public void Dispose() => _collector.Dispose();

    private Meter Meter() => new(new MeterOptions("test") { Scope = _scope });

    private IEnumerable<string> Names() => _collector.Look().Select(one => one.Instrument.Name);
}
