using System.Net;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Observation;
using DistTrain.Server;
using DistTrain.Telemetry;

namespace DistTrain.Cli.Training;

/// <summary>
/// The telemetry of <c>disttrain train</c>: what <c>--metrics</c> and OpenTelemetry's variables ask for, by
/// default nothing.
/// </summary>
internal sealed class TrainTelemetry : IAsyncDisposable
{
    private readonly TelemetryHost _host;
    private readonly MetricsServer? _server;
    private readonly IRunWatch _watch;

    private TrainTelemetry(TelemetryHost host, MetricsServer? server, IRunWatch watch)
        => (_host, _server, _watch) = (host, server, watch);

    /// <param name="address">Where to serve metrics; null: nowhere.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="device">What it computes on.</param>
    /// <param name="notice">Takes lines for people.</param>
    /// <exception cref="UserFaultException">It is no address, or cannot be listened on.</exception>
    public static async Task<TrainTelemetry> StartAsync(
        string? address, string run, string device, Action<string> notice)
    {
        TelemetryHost host = NodeTelemetry.Start("train", run, address is not null, device);
        try
        {
            MetricsServer? server = address is null
                ? null
                : await NodeTelemetry.ServeAsync(
                    host, Endpoint(address), token: null, notice, CancellationToken.None);
            return new TrainTelemetry(host, server, host.OfRun(run));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>An observer, and the measuring one.</summary>
    public IRunObserver With(IRunObserver observer) => new ObserverList(observer, _watch);

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await _host.DisposeAsync();
    }

    private static IPEndPoint Endpoint(string address)
        => NodeAddress.TryParse(address, out NodeAddress parsed)
            && IPAddress.TryParse(parsed.Host, out IPAddress? host)
            ? new IPEndPoint(host, parsed.Port)
            : throw new UserFaultException(
                $"--metrics {address}: must be an address and a port, such as 127.0.0.1:9464");
}
