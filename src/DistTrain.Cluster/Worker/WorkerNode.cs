using System.Security.Cryptography;
using DistTrain.Cluster.Hosting;
using DistTrain.Cluster.Inputs;
using DistTrain.Core.Cluster;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// A worker node from start to end: connects to its coordinator, comes back when the link breaks, computes
/// what it is given, leaves when it is asked to.
/// </summary>
public static class WorkerNode
{
    /// <summary>Often enough for the shortest heartbeat.</summary>
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until the node has left, was refused for good, or is stopped at once.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="leave">Finish the step, then go.</param>
    /// <returns>The exit code and why it ended.</returns>
    public static async Task<(int ExitCode, string Reason)> RunAsync(
        WorkerNodeOptions options, CancellationToken leave)
    {
        IEngine engine = options.Engine();
        var description = new NodeDescription(
            options.Device, options.Threads, options.MemoryBytes, SpeedProbe.Measure(), engine.Description,
            options.Link.Version);
        long incarnation = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var ended = new TaskCompletionSource<(int, string)>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        string inputs = Path.Combine(options.Places.CacheFolder, "..", "inputs");
        using var fetcher = new FileFetcher(new InputCache(Path.GetFullPath(inputs)), options.Time);
        await using var host = new NodeHost(options.Host(options.Time));
        var keeper = new WorkerKeeper(
            options, host, engine, new RunPreparation(options.Places, fetcher, options.Threads, options.Say));
        var machine = new NodeMachine(new NodeId(options.Name), incarnation, description);
        host.Start(NodeActor.Id, ActorPlacement.Shared, () => new NodeActor(
            options, host, machine, keeper, fetcher, (code, reason) => ended.TrySetResult((code, reason))));
        using IDisposable ticks = host.Every(TickEvery, NodeActor.Id, new Tick());
        await using CancellationTokenRegistration wish =
            leave.Register(() => host.Tell(NodeActor.Id, new LeaveWanted()));
        return await ended.Task;
    }
}
