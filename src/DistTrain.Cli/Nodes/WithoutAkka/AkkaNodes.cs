using DistTrain.Cluster.Coordinator;
using DistTrain.Cluster.Worker;

namespace DistTrain.Cli.Nodes;

/// <summary>Stands in for Akka.NET's nodes in a build without them.</summary>
internal static class AkkaNodes
{
    /// <summary>Completes a complaint about <c>--cluster</c>.</summary>
    public static string? WhyNot => "this build is without Akka.NET; build it with "
        + "./build.sh build --with akka where its packages can be had (docs/akka.md), or use --cluster tcp";

    public static Task RunCoordinatorAsync(
        AkkaSettings akka, CoordinatorNodeOptions options,
        Func<CoordinatorNode, Task<IAsyncDisposable>> serve, CancellationToken stop)
        => throw new InvalidOperationException(WhyNot);

    public static Task<(int ExitCode, string Reason)> RunWorkerAsync(
        AkkaSettings akka, WorkerNodeOptions options, CancellationToken stop)
        => throw new InvalidOperationException(WhyNot);
}
