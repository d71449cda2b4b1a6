using DistTrain.Telemetry.Export;

namespace DistTrain.Telemetry.Tests.Export;

public sealed class OtlpSwitchTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317";

    [Theory]
    [InlineData("", false, false)]
    [InlineData(Endpoint, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT= ", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c", false, true)]
    [InlineData(Endpoint + ";OTEL_TRACES_EXPORTER=none", true, false)]
    [InlineData(Endpoint + ";OTEL_METRICS_EXPORTER=none;OTEL_TRACES_EXPORTER=otlp", false, true)]
    [InlineData(Endpoint + ";OTEL_SDK_DISABLED=true", false, false)]
    [InlineData("OTEL_SERVICE_NAME=mine", false, false)]
    public void An_endpoint_turns_it_on_and_the_rest_may_turn_it_off(string set, bool metrics, bool traces)
    {
        Dictionary<string, string> variables = set.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        OtlpSwitch.From(name => variables.GetValueOrDefault(name)).ShouldBe(new OtlpSwitch(metrics, traces));
    }
}
