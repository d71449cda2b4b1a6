using System.Net;
using DistTrain.Akka;
using DistTrain.Akka.Membership;
using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;

namespace DistTrain.Cli.Nodes;

/// <summary>Runs nodes as members of an Akka.NET cluster.</summary>
internal static class AkkaNodes
{
    private const string NoToken =
        "Akka.NET's port asks for no token: let only this cluster's nodes reach it (docs/akka.md)";

    /// <summary>Why this build cannot; null: it can.</summary>
    public static string? WhyNot => null;

    public static Task RunCoordinatorAsync(
        AkkaSettings akka, CoordinatorNodeOptions options,
        Func<CoordinatorNode, Task<IAsyncDisposable>> serve, CancellationToken stop)
    {
        Warn(akka, options.Say);
        return AkkaCoordinator.RunAsync(OptionsOf(akka), options, serve, stop);
    }

    public static Task<(int ExitCode, string Reason)> RunWorkerAsync(
        AkkaSettings akka, WorkerNodeOptions options, CancellationToken stop)
    {
        Warn(akka, options.Say);
        return AkkaWorker.RunAsync(OptionsOf(akka), options, stop);
    }

    private static void Warn(AkkaSettings akka, Action<string> say)
    {
        if (akka.IsOpen)
        {
            say(NoToken);
        }
    }

    private static AkkaOptions OptionsOf(AkkaSettings akka) => new()
    {
        Host = akka.Host,
        Port = akka.Port,
        Seeds = [.. akka.Seeds.Select(seed => new DnsEndPoint(seed.Host, seed.Port))],
        Configuration = akka.ConfigPath is { } path ? TextFile.Read(path, "Akka.NET configuration") : null,
    };
}
