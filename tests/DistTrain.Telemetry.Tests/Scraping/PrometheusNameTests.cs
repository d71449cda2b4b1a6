using DistTrain.Telemetry.Catalogue;
using DistTrain.Telemetry.Scraping;

namespace DistTrain.Telemetry.Tests.Scraping;

public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("disttrain.step.duration", "s", MetricKind.Histogram, "disttrain_step_duration_seconds")]
    [InlineData("disttrain.link.io", "By", MetricKind.Counter, "disttrain_link_io_bytes")]
    [InlineData("disttrain.accuracy", "1", MetricKind.Gauge, "disttrain_accuracy_ratio")]
    [InlineData("disttrain.part", "1", MetricKind.Counter, "disttrain_part")]
    [InlineData("disttrain.steps", "{step}", MetricKind.Counter, "disttrain_steps")]
    [InlineData("disttrain.rate", "{sample}/s", MetricKind.Gauge, "disttrain_rate_per_second")]
    [InlineData("disttrain.rate", "By/s", MetricKind.Gauge, "disttrain_rate_bytes_per_second")]
    [InlineData("disttrain.loss", "", MetricKind.Gauge, "disttrain_loss")]
    [InlineData("wait.seconds", "s", MetricKind.Counter, "wait_seconds")]
    [InlineData("odd-name é", null, MetricKind.Gauge, "odd_name__")]
    public void Names_follow_the_conventions(string name, string? unit, MetricKind kind, string expected)
        => PrometheusName.Of(name, unit, kind).ShouldBe(expected);
}
