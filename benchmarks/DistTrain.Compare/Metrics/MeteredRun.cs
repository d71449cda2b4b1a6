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
/// One training in this process, as <c>disttrain train --metrics</c> runs it, whose steps are measured and not
/// measured by turns. Nobody listens to the instruments of the other turns, as without --metrics; the web
/// server is there in both. It is scraped by a client in this process, which costs the run more than one
/// outside would.
/// </summary>
internal static class MeteredRun
{
    /// <summary>Prometheus asks as often in docker/prometheus.</summary>
    private const double SecondsBetweenScrapes = 5;

    private const int BatchesHeld = 64;

    /// <returns>A line of JSON: samples/s with metrics over those without, of each pair of blocks.</returns>
    public static async Task<string> MeasureAsync(int batch, int stepsPerBlock, int pairs)
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
        using var client = new HttpClient();
        using var enough = new CancellationTokenSource();
        var page = new Uri(server.Address, "metrics");
        List<Task<byte[]>> scrapes = [];
        var watch = new AlternatingWatch(onWatch, offWatch, stepsPerBlock, pairs, enough.Cancel)
        {
            OnBegun = seconds =>
            {
                if (seconds >= scrapes.Count * SecondsBetweenScrapes)
                {
                    scrapes.Add(Task.Run(() => client.GetByteArrayAsync(page)));
                }
            },
        };
        using var data = new SyntheticDataset(SampleShape.Image(1, 28, 28), 10, batch * BatchesHeld, 1);
        await OwnRun.RunAsync(new Case("mlp", batch, 2, watch.Steps, 0), data, watch, enough.Token);
        await Task.WhenAll(scrapes);
        return new JsonObject
        {
            ["ratios"] = new JsonArray([.. watch.Ratios().Select(ratio => (JsonNode)ratio)]),
            ["scrapes"] = scrapes.Count,
        }.ToJsonString();
    }

    private static TelemetryHost Host(bool isScraped) => TelemetryHost.Start(new TelemetryOptions
    {
        Role = "train",
        Instance = "bench",
        Version = "bench",
        IsScraped = isScraped,
    });
}
