using DistTrain.Cli.Engines;
using DistTrain.Cli.Nodes;
using DistTrain.Core.Membership;

namespace DistTrain.Cli.Settings;

/// <summary>
/// The one table of settings: options, their help, <c>disttrain settings</c> and docs/settings.md all come
/// from it. A new setting is one entry here, and its name in the lists of the commands that take it.
/// </summary>
internal static class SettingTable
{
    private static readonly FailureDetectorOptions Timing = new();

    public static readonly Setting<Uri> Server = new(
        "server", SettingTypes.Url, "Where the coordinator's API is.")
    {
        Default = "http://127.0.0.1:7701",
    };

    public static readonly Setting<string> TokenFile = new(
        "token-file", SettingTypes.File,
        "File with the cluster's shared token; only its owner may read it.");

    public static readonly Setting<string> Token = new(
        "token", SettingTypes.Secret, "The shared token itself.")
    {
        IsSecret = true,
    };

    public static readonly Setting<string> TlsCa = new(
        "tls-ca", SettingTypes.File, "Certificates (PEM) to trust; turns TLS on for a worker's link.");

    public static readonly Setting<string> TlsCert = new(
        "tls-cert", SettingTypes.File, "The coordinator's certificate (PEM); turns TLS on.");

    public static readonly Setting<string> TlsKey = new(
        "tls-key", SettingTypes.File, "The private key (PEM) of that certificate.");

    public static readonly Setting<NodeAddress> Listen = new(
        "listen", SettingTypes.Bind, "Where workers connect.")
    {
        Default = "127.0.0.1:7700",
    };

    public static readonly Setting<NodeAddress> Http = new(
        "http", SettingTypes.Bind, "Where the API is served.")
    {
        Default = "127.0.0.1:7701",
    };

    public static readonly Setting<string> State = new(
        "state", SettingTypes.Folder, "Folder of the queue and its runs; what survives a restart is there.")
    {
        Default = "disttrain-state",
    };

    public static readonly Setting<bool> Insecure = new(
        "insecure", SettingTypes.Switch, "Let others on the network in without a token.")
    {
        Default = "false",
    };

    public static readonly Setting<NodeAddress> Coordinator = new(
        "coordinator", SettingTypes.Peer, "The coordinator to work for.")
    {
        Default = "127.0.0.1:7700",
    };

    public static readonly Setting<string> Device = new(
        "device", SettingTypes.Device,
        "What a worker computes on: one device; the workers of disttrain up take several in turn.")
    {
        Default = "cpu",
    };

    public static readonly Setting<bool> WaitForDevice = new(
        "wait-for-device", SettingTypes.Switch,
        "Wait, and do not join, while a worker's device is not there; without it the worker ends.")
    {
        Default = "false",
    };

    public static readonly Setting<string> Engine = new(
        "engine", SettingTypes.Engine,
        "What a worker computes presets and layer lists by; all workers of a cluster by one. "
        + "A module of a user's own is always torchsharp's, a TorchScript file libtorch's.")
    {
        Default = ProgramEngine.LibTorch,
    };

    public static readonly Setting<int> Threads = new(
        "threads", SettingTypes.Whole(1, 1024),
        "Processors a worker may use; not set, all. A job that wants more threads for each of its workers is "
        + "refused by it: another number of threads would change the bits.");

    public static readonly Setting<string> Data = new(
        "data", SettingTypes.Folder, "Folder of data sets' folders; the cache is looked into besides.");

    public static readonly Setting<string> Name = new(
        "name", SettingTypes.NodeName, "A worker's name in the cluster; not set, host and process.");

    public static readonly Setting<NodeAddress> Metrics = new(
        "metrics", SettingTypes.Bind, "Where a worker serves its own metrics; not set, nowhere.");

    public static readonly Setting<MetricsAccess> MetricsAccess = new(
        "metrics-access", SettingTypes.Word<MetricsAccess>(),
        "Who may read a node's /metrics: who has the token (where there is one), everybody, or nobody.")
    {
        Default = "token",
    };

    public static readonly Setting<ClusterKind> Cluster = new(
        "cluster", SettingTypes.Word<ClusterKind>(),
        "What carries membership and control messages: TCP, or Akka.NET where the build has it.")
    {
        Default = "tcp",
    };

    public static readonly Setting<IReadOnlyList<NodeAddress>> SeedNode = new(
        "seed-node", SettingTypes.Peers,
        "Coordinators to join the Akka.NET cluster through, the same list for every node; the first of them "
        + "founds it. Not set, a coordinator founds a cluster of its own.");

    public static readonly Setting<string> AkkaHost = new(
        "akka-host", SettingTypes.Host, "Where the other nodes of an Akka.NET cluster reach this one.")
    {
        Default = "127.0.0.1",
    };

    public static readonly Setting<int> AkkaPort = new(
        "akka-port", SettingTypes.Whole(1, ushort.MaxValue), "Port of Akka.NET; its peers need no token.")
    {
        Default = "7702",
    };

    public static readonly Setting<string> AkkaConfig = new(
        "akka-config", SettingTypes.File, "HOCON for Akka.NET that goes before what the program has.");

    public static readonly Setting<TimeSpan> Heartbeat = Time(
        "heartbeat", Timing.HeartbeatEvery,
        "How often both ends of a link let themselves be heard; the coordinator tells its workers.");

    public static readonly Setting<TimeSpan> SuspectAfter = Time(
        "suspect-after", Timing.SuspectAfter,
        "Silence after which a node is suspected; more than heartbeat.");

    public static readonly Setting<TimeSpan> RemoveAfter = Time(
        "remove-after", Timing.RemoveAfter,
        "Silence after which a node is given up; more than suspect-after.");

    /// <summary>Of both kinds of nodes.</summary>
    private static readonly Setting[] Akka = [Cluster, SeedNode, AkkaHost, AkkaPort, AkkaConfig];

    public static IReadOnlyList<Setting> Client { get; } = [Server, TokenFile, TlsCa];

    public static IReadOnlyList<Setting> CoordinatorNode { get; } =
    [
        Listen, Http, State, Data, TokenFile, TlsCert, TlsKey, Insecure, MetricsAccess, Heartbeat,
        SuspectAfter, RemoveAfter, .. Akka,
    ];

    public static IReadOnlyList<Setting> WorkerNode { get; } =
    [
        Coordinator, Device, WaitForDevice, Engine, Threads, Data, Name, TokenFile, TlsCa, Metrics,
        MetricsAccess, .. Akka,
    ];

    /// <summary>What <c>disttrain up</c> hands on; links and tokens are its own affair.</summary>
    public static IReadOnlyList<Setting> Up { get; } =
        [Http, State, Data, Device, Engine, Threads, MetricsAccess, Heartbeat, SuspectAfter, RemoveAfter];

    public static IReadOnlyList<Setting> All { get; } =
    [
        Server, TokenFile, Token, TlsCa, TlsCert, TlsKey, Listen, Http, State, Insecure, Coordinator, Device,
        WaitForDevice, Engine, Threads, Data, Name, Metrics, MetricsAccess, Heartbeat, SuspectAfter,
        RemoveAfter, .. Akka,
    ];

    private static Setting<TimeSpan> Time(string name, TimeSpan usual, string help) => new(
        name, SettingTypes.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)), help)
    {
        Default = Durations.Write(usual),
    };
}
