using System.Net;
using System.Text.Json.Nodes;
using DistTrain.Cluster.Coordinator;
using DistTrain.Compare.SingleMachine;
using DistTrain.Core.Datasets;
using DistTrain.Data.Synthetic;
using DistTrain.Server;
using DistTrain.Telemetry;

namespace DistTrain.Compare.Metrics;

/// <summary>
/// One training in this process, as <c>disttrain train --metrics</c> runs it, whose steps are measured and
/// not measured by turns. Nobody listens to the instruments of the other turns, as without --metrics; the web
/// server is there in both.
/// </summary>
internal static class MeteredRun
{
    private const int BatchesHeld = 64;

    /// <summary>
    /// Writes lines of JSON: <c>scrape</c>, an address that is to be asked now, now and then, and at the end
    /// <c>ratios</c>, samples/s with metrics over those without, of each pair of blocks.
    /// </summary>
    public static async Task MeasureAsync(int batch, int stepsPerBlock, int pairs, TextWriter output)
    {
        await using TelemetryHost on = Host(isScraped: true);
        await using TelemetryHost off = Host(isScraped: false);
        using IRunWatch onWatch = on.OfRun("on");
        using IRunWatch offWatch = off.OfRun("off");
        await using MetricsServer server = await MetricsServer.StartAsync(new ApiServerOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Token = null,
            Metrics = new MetricsOffer(on.ScrapeAsync, IsOpen: true),
        });
        string wish = new JsonObject { ["scrape"] = $"{server.Address}metrics" }.ToJsonString();
        using var enough = new CancellationTokenSource();
        var watch = new AlternatingWatch(onWatch, offWatch, stepsPerBlock, pairs, enough.Cancel)
        {
            Scrape = () => output.WriteLine(wish),
        };
        using var data = new SyntheticDataset(SampleShape.Image(1, 28, 28), 10, batch * BatchesHeld, 1);
        await OwnRun.RunAsync(new Case("mlp", batch, 2, watch.Steps, 0), data, watch, enough.Token);
        output.WriteLine(new JsonObject
        {
            ["ratios"] = new JsonArray([.. watch.Ratios().Select(ratio => (JsonNode)ratio)]),
        }.ToJsonString());
    }

    private static TelemetryHost Host(bool isScraped) => TelemetryHost.Start(new TelemetryOptions
    {
        Role = "train",
        Instance = "bench",
        Version = "bench",
        IsScraped = isScraped,
    });
}
