using System.Net;
using DistTrain.Server;
using DistTrain.Telemetry;
using DistTrain.Telemetry.Export;

namespace DistTrain.Cli.Nodes;

/// <summary>Starts the telemetry of a process, and its server of metrics where it has no API.</summary>
internal static class NodeTelemetry
{
    /// <param name="role">coordinator, worker or train.</param>
    /// <param name="instance">Its name among others of that role.</param>
    /// <param name="isScraped">Whether anybody can scrape it.</param>
    public static TelemetryHost Start(string role, string instance, bool isScraped)
        => TelemetryHost.Start(new TelemetryOptions
        {
            Role = role,
            Instance = instance,
            Version = ProgramVersion.Text,
            IsScraped = isScraped,
            Otlp = OtlpSwitch.From(Environment.GetEnvironmentVariable),
        });

    /// <summary>Serves /metrics of its own, and says where.</summary>
    /// <param name="telemetry">What is served.</param>
    /// <param name="listen">Where.</param>
    /// <param name="token">What a scrape must bring; null: nothing.</param>
    /// <param name="notice">Takes lines for people.</param>
    /// <param name="cancellation">Calls the start off.</param>
    /// <exception cref="Core.UserFaultException">It cannot be listened there.</exception>
    public static async Task<MetricsServer> ServeAsync(
        TelemetryHost telemetry, IPEndPoint listen, string? token, Action<string> notice,
        CancellationToken cancellation)
    {
        MetricsServer server = await MetricsServer.StartAsync(
            new ApiServerOptions
            {
                Listen = listen,
                Token = token,
                Metrics = new MetricsOffer(telemetry.ScrapeAsync, IsOpen: token is null),
                Warn = notice,
            }, cancellation);
        notice($"metrics at {server.Address}metrics");
        return server;
    }
}
