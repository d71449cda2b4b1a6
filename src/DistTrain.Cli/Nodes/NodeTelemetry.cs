using System.Net;
using DistTrain.Core.Engine;
using DistTrain.LibTorch;
using DistTrain.LibTorch.Cuda;
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
    /// <param name="device">What it computes on (a <see cref="DeviceList"/>).</param>
    public static TelemetryHost Start(string role, string instance, bool isScraped, string device)
        => TelemetryHost.Start(new TelemetryOptions
        {
            Role = role,
            Instance = instance,
            Version = ProgramVersion.Text,
            IsScraped = isScraped,
            Otlp = OtlpSwitch.From(Environment.GetEnvironmentVariable),
            Devices = LookAt(DeviceList.Parse(device)),
        });

    /// <summary>Memory of those of them that are GPUs; null: none is.</summary>
    private static Func<IReadOnlyList<DeviceMemory>>? LookAt(DeviceList devices)
    {
        HashSet<string> gpus = [.. devices.Names.Where(name => name != DeviceList.Cpu)];
        return gpus.Count == 0
            ? null
            : () =>
            [
                .. from gpu in CudaQuery.Ask().Devices
                   where gpus.Contains(MachineDevices.NameOf(gpu))
                   select new DeviceMemory(
                       MachineDevices.NameOf(gpu), gpu.Memory?.UsedBytes, gpu.TotalBytes),
            ];
    }

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
