using System.Net;
using System.Net.Sockets;
using System.Reflection;
using DistTrain.Cli.Engines;
using DistTrain.Cli.Settings;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Core;
using DistTrain.Core.Engine;
using DistTrain.Data.Loading;
using DistTrain.LibTorch;
using DistTrain.Net.Links;
using DistTrain.Server;
using DistTrain.Telemetry;
using DistTrain.Telemetry.Instruments;

namespace DistTrain.Cli.Nodes;

/// <summary>Runs the nodes that this build of the program contains.</summary>
internal sealed class NodeLauncher : INodeLauncher
{
    public async Task RunCoordinatorAsync(
        CoordinatorSettings settings, Action<string> notice, Action<CoordinatorAddresses> listening,
        CancellationToken stop)
    {
        IPEndPoint listen = await ResolveAsync(settings.Listen, stop);
        IPEndPoint http = await ResolveAsync(settings.Http, stop);
        ListenRules.Check(listen, settings.Token, settings.IsInsecure);
        ListenRules.Check(http, settings.Token, settings.IsInsecure);
        bool isScraped = settings.MetricsAccess != MetricsAccess.Off;
        await using TelemetryHost telemetry =
            NodeTelemetry.Start(
                "coordinator", $"{Environment.MachineName}:{listen.Port}", isScraped, DeviceList.Cpu);
        CoordinatorMeter meter = telemetry.OfCoordinator();
        var options = new CoordinatorNodeOptions
        {
            Listen = listen,
            StateDirectory = settings.StateFolder,
            Link = LinkOf(
                "coordinator", settings.Token,
                settings.Tls is { } files ? new LinkTls(files.CertificatePath, files.KeyPath, null) : null),
            Detector = settings.Timing,
            Places = PlacesOf(settings.DataFolder),
            Engine = () => new ProgramEngine("cpu"),
            Watch = meter,
            Say = notice,
        };
        if (settings.Akka is { } akka)
        {
            await AkkaNodes.RunCoordinatorAsync(akka, options, ServeAsync, stop);
            return;
        }

        await using CoordinatorNode node = CoordinatorNode.Start(options);
        await using IAsyncDisposable served = await ServeAsync(node);
        await using CancellationTokenRegistration wish = stop.Register(node.RequestShutdown);
        await node.Ended;

        async Task<IAsyncDisposable> ServeAsync(CoordinatorNode one)
        {
            meter.Ask(one.Control);
            ApiServer api = await ApiServer.StartAsync(one.Control, new ApiServerOptions
            {
                Listen = http,
                Token = settings.Token,
                CertificateFile = settings.Tls?.CertificatePath,
                KeyFile = settings.Tls?.KeyPath,
                WhyNotReady = () => stop.IsCancellationRequested ? "the coordinator is going down" : null,
                Metrics = isScraped
                    ? new MetricsOffer(telemetry.ScrapeAsync, settings.MetricsAccess == MetricsAccess.Open)
                    : null,
                Warn = notice,
            }, stop);
            listening(new CoordinatorAddresses(one.Endpoint.ToString(), api.Address));
            return api;
        }
    }

    public async Task RunWorkerAsync(
        WorkerSettings settings, Action<string> notice, Action joined, CancellationToken stop)
    {
        bool isScraped = settings is { Metrics: not null, MetricsAccess: not MetricsAccess.Off };
        await using TelemetryHost telemetry =
            NodeTelemetry.Start("worker", settings.Name, isScraped, settings.Device);
        await using MetricsServer? metrics = isScraped
            ? await NodeTelemetry.ServeAsync(
                telemetry, await ResolveAsync(settings.Metrics!.Value, stop),
                settings.MetricsAccess == MetricsAccess.Open ? null : settings.Token, notice, stop)
            : null;
        if (settings.WaitForDevice)
        {
            await new DeviceWait(
                look => DeviceWait.AskChildAsync(settings.Device, look), notice, TimeProvider.System)
                .UntilThereAsync(stop);
        }

        int first = 0;
        var options = new WorkerNodeOptions
        {
            Name = settings.Name,
            CoordinatorHost = settings.Coordinator.Host,
            CoordinatorPort = settings.Coordinator.Port,
            Device = settings.Device,
            Threads = settings.Threads ?? Environment.ProcessorCount,
            MemoryBytes = MachineDevices.MemoryOf(settings.Device),
            Places = PlacesOf(settings.DataFolder),
            Link = LinkOf(
                settings.Name, settings.Token,
                settings.TlsCaPath is { } authority ? new LinkTls(null, null, authority) : null),
            Engine = () => new ProgramEngine(settings.Device, settings.Engine),
            Watch = telemetry.OfWorker(),
            Joined = () =>
            {
                if (Interlocked.Exchange(ref first, 1) == 0)
                {
                    joined();
                }
            },
            Say = notice,
        };
        (int exitCode, string reason) = settings.Akka is { } akka
            ? await AkkaNodes.RunWorkerAsync(akka, options, stop)
            : await WorkerNode.RunAsync(options, stop);
        notice(reason);
        switch (exitCode)
        {
            case 0:
                return;
            case 1:
                throw new DeviceFaultException(reason);
            default:
                throw new UserFaultException(reason);
        }
    }

    private static LinkOptions LinkOf(string name, string? token, LinkTls? tls) => new()
    {
        Name = name,
        Version = ProgramVersion.Text,
        Token = token,
        Tls = tls,
    };

    private static DatasetPlaces PlacesOf(string? folder)
    {
        DatasetPlaces places = DatasetPlaces.FromEnvironment();
        return folder is null ? places : places with { SharedFolder = folder };
    }

    private static async Task<IPEndPoint> ResolveAsync(NodeAddress address, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(address.Host, out IPAddress? known))
        {
            // Not looked up: 0.0.0.0 and ::, which mean every address of this machine, are no host's.
            return new IPEndPoint(known, address.Port);
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(address.Host, cancellation);
            // Workers of machines without IPv6 must find it too.
            IPAddress? old = found.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork);
            return new IPEndPoint(old ?? found[0], address.Port);
        }
        catch (SocketException fault)
        {
            throw new UserFaultException(
                $"{address}: {address.Host} is no address of this machine: {fault.Message}", fault);
        }
    }
}
