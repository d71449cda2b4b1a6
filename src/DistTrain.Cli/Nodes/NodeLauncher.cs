using System.Net;
using System.Net.Sockets;
using System.Reflection;
using DistTrain.Cli.Engines;
using DistTrain.Cli.Settings;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;
using DistTrain.Core;
using DistTrain.Data.Loading;
using DistTrain.Net.Links;
using DistTrain.Server;

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
        await using CoordinatorNode node = CoordinatorNode.Start(new CoordinatorNodeOptions
        {
            Listen = listen,
            StateDirectory = settings.StateFolder,
            Link = LinkOf(
                "coordinator", settings.Token,
                settings.Tls is { } files ? new LinkTls(files.CertificatePath, files.KeyPath, null) : null),
            Detector = settings.Timing,
            Places = PlacesOf(settings.DataFolder),
            Engine = () => new ProgramEngine("cpu"),
            Say = notice,
        });
        await using ApiServer api = await ApiServer.StartAsync(node.Control, new ApiServerOptions
        {
            Listen = http,
            Token = settings.Token,
            CertificateFile = settings.Tls?.CertificatePath,
            KeyFile = settings.Tls?.KeyPath,
            WhyNotReady = () => stop.IsCancellationRequested ? "the coordinator is going down" : null,
            Warn = notice,
        }, stop);
        listening(new CoordinatorAddresses(node.Endpoint.ToString(), api.Address));
        await using CancellationTokenRegistration wish = stop.Register(node.RequestShutdown);
        await node.Ended;
    }

    public async Task RunWorkerAsync(
        WorkerSettings settings, Action<string> notice, Action joined, CancellationToken stop)
    {
        int first = 0;
        (int exitCode, string reason) = await WorkerNode.RunAsync(
            new WorkerNodeOptions
            {
                Name = settings.Name,
                CoordinatorHost = settings.Coordinator.Host,
                CoordinatorPort = settings.Coordinator.Port,
                Device = settings.Device,
                Threads = settings.Threads ?? Environment.ProcessorCount,
                MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                Places = PlacesOf(settings.DataFolder),
                Link = LinkOf(
                    settings.Name, settings.Token,
                    settings.TlsCaPath is { } authority ? new LinkTls(null, null, authority) : null),
                Engine = () => new ProgramEngine(settings.Device, settings.Engine),
                Joined = () =>
                {
                    if (Interlocked.Exchange(ref first, 1) == 0)
                    {
                        joined();
                    }
                },
                Say = notice,
            }, stop);
        notice(reason);
        if (exitCode != 0)
        {
            throw new UserFaultException(reason);
        }
    }

    private static LinkOptions LinkOf(string name, string? token, LinkTls? tls) => new()
    {
        Name = name,
        Version = typeof(NodeLauncher).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0],
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
