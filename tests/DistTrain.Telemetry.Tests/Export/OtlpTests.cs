using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Tests.Export;

/// <summary>
/// The program as OpenTelemetry's variables tell it, against a collector of the test's own.
/// </summary>
public sealed class OtlpTests : IDisposable
{
    private static readonly string[] Job =
    [
        "train", "--dataset", "strokes", "--model", "softmax", "--batch", "512", "--workers", "2",
        "--threads", "1", "--shards", "2", "--epochs", "1", "--set", "maxSteps=20", "--json",
    ];

    private readonly Workspace _workspace = new();

    [SkippableFact]
    public async Task Metrics_and_spans_of_a_run_arrive_at_a_collector()
    {
        Needs.Engine();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();

        ProgramResult result = Train(collector.Address);

        result.ExitCode.ShouldBe(0, result.Errors);
        IReadOnlyCollection<string> metrics = collector.MetricsOf("disttrain-train");
        RunMetrics.All.Select(metric => metric.Name).Except(metrics).ShouldBeEmpty();
        metrics.ShouldContain("dotnet.process.memory.working_set");
        IReadOnlyCollection<string> spans = collector.SpansOf("disttrain-train");
        spans.ShouldBe(
            ["disttrain.step", "disttrain.worker", "disttrain.shard", "disttrain.reduce", "disttrain.update"],
            ignoreOrder: true);
    }

    [SkippableFact]
    public async Task A_name_that_the_variables_give_is_the_stronger()
    {
        Needs.Engine();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();

        Train(collector.Address, ("OTEL_SERVICE_NAME", "mine"), ("OTEL_TRACES_EXPORTER", "none"));

        collector.MetricsOf("mine").ShouldContain("disttrain.steps");
        collector.SpansOf("mine").ShouldBeEmpty();
    }

    /// <summary>Neither the weights nor the end of a run depend on who listens.</summary>
    [SkippableTheory]
    [InlineData("refuses")]
    [InlineData("never answers")]
    public void A_collector_that_is_not_there_changes_nothing(string how)
    {
        Needs.Engine();
        string without = new FinishedRun(Train(address: null)).Hash!;
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        string address = $"http://{mute.LocalEndpoint}";
        if (how == "refuses")
        {
            mute.Stop();
        }

        ProgramResult result = Train(address);

        result.ExitCode.ShouldBe(0, result.Errors);
        new FinishedRun(result).Hash.ShouldBe(without);
    }

    public void Dispose() => _workspace.Dispose();

    private ProgramResult Train(string? address, params (string Name, string Value)[] more)
    {
        ProcessStartInfo start = Disttrain.StartInfo(_workspace, Job);
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("OTEL_")).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        if (address is not null)
        {
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
            start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }

        foreach ((string name, string value) in more)
        {
            start.Environment[name] = value;
        }

        using var run = new ProgramRun(start);
        return run.Wait();
    }
}
