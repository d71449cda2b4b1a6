using System.Diagnostics.Metrics;
using DistTrain.Telemetry.Scraping;

namespace DistTrain.Telemetry.Tests.Scraping;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new(new MeterOptions("test") { Scope = new object() });
    private readonly MetricCollector _collector;

    public PrometheusTextTests()
        => _collector = new MetricCollector(instrument => instrument.Meter.Scope == _meter.Scope);

    [Fact]
    public void A_counter_has_its_ending_its_meaning_and_its_type()
    {
        Counter<long> counter = _meter.CreateCounter<long>("steps", "{step}", "Steps \\ of\na run.");
        counter.Add(2, new KeyValuePair<string, object?>("job_id", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("job_id", "a"));

        Text().ShouldBe("""
            # HELP steps_total Steps \\ of\na run.
            # TYPE steps_total counter
            steps_total{job_id="a"} 5

            """);
    }

    [Fact]
    public void OpenMetrics_names_the_family_without_its_ending_and_says_where_it_ends()
    {
        _meter.CreateCounter<long>("steps", null, "Steps.").Add(2);

        Text(isOpenMetrics: true).ShouldBe("""
            # HELP steps Steps.
            # TYPE steps counter
            steps_total 2
            # EOF

            """);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\"b", "a\\\"b")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("a\nb} 1\nevil_total 9", "a\\nb} 1\\nevil_total 9")]
    [InlineData("größe", "größe")]
    public void A_hostile_name_stays_inside_its_quotes(string name, string written)
    {
        _meter.CreateGauge<double>("speed").Record(1, new KeyValuePair<string, object?>("worker", name));

        Text().ShouldEndWith($"speed{{worker=\"{written}\"}} 1\n");
    }

    [Fact]
    public void Buckets_count_all_that_is_not_above_them()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "time", "s", "", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in (double[])[0.05, 0.1, 0.5, 7])
        {
            histogram.Record(value);
        }

        Text().ShouldEndWith("""
            time_seconds_bucket{le="0.1"} 2
            time_seconds_bucket{le="1"} 3
            time_seconds_bucket{le="+Inf"} 4
            time_seconds_sum 7.65
            time_seconds_count 4

            """);
    }

    [Fact]
    public void A_family_stands_together_whichever_meters_it_comes_from()
    {
        using var other = new Meter(new MeterOptions("test") { Scope = _meter.Scope });
        _meter.CreateCounter<long>("a").Add(1, new KeyValuePair<string, object?>("job_id", "1"));
        _meter.CreateCounter<long>("b").Add(1);
        other.CreateCounter<long>("a").Add(1, new KeyValuePair<string, object?>("job_id", "2"));

        string[] lines = Text().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Count(line => line.StartsWith("# TYPE a_total", StringComparison.Ordinal)).ShouldBe(1);
        lines[2..4].Order(StringComparer.Ordinal)
            .ShouldBe(["a_total{job_id=\"1\"} 1", "a_total{job_id=\"2\"} 1"]);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(1e-9, "1E-09")]
    [InlineData(0.1, "0.1")]
    public void Numbers_are_those_that_Prometheus_reads(double value, string written)
    {
        _meter.CreateGauge<double>("loss").Record(value);

        Text().ShouldEndWith($"loss {written}\n");
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    private string Text(bool isOpenMetrics = false)
        => new PrometheusText(isOpenMetrics).Write(_collector.Look());
}
