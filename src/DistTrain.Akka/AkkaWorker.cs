using Akka.Actor;
using DistTrain.Akka.Hosting;
using DistTrain.Akka.Links;
using DistTrain.Akka.Membership;
using DistTrain.Akka.News;
using DistTrain.Cluster.Worker;
using DistTrain.Core;

namespace DistTrain.Akka;

/// <summary>A worker's process in an Akka.NET cluster.</summary>
public static class AkkaWorker
{
    /// <summary>Runs until the node has left, was refused for good, or broke.</summary>
    /// <param name="akka">The cluster.</param>
    /// <param name="options">Of the node, all but what carries its link.</param>
    /// <param name="leave">Finish the step, then go.</param>
    /// <returns>The exit code and why it ended.</returns>
    /// <exception cref="DistTrainException">It cannot run, or could not go on.</exception>
    public static async Task<(int ExitCode, string Reason)> RunAsync(
        AkkaOptions akka, WorkerNodeOptions options, CancellationToken leave)
    {
        var broken = new TaskCompletionSource<(int, string)>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        using var drain = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(leave);
        Task<(int ExitCode, string Reason)>? node = null;
        IActorRef coordinator = ActorRefs.Nobody;
        var member = new ClusterMember(
            akka, ClusterSystem.WorkerRole, options.Say,
            system =>
            {
                coordinator = ClusterSystem.SingletonProxy(system);
                system.ActorOf(Props.Create(() => new NewsListener(new[] { Topics.Stopping }, options.Say)));
                return () => Task.CompletedTask;
            },
            async () =>
            {
                await drain.CancelAsync();
                await node!;
            });
        var connector = new ClusterConnector(() => member.System, _ => coordinator, options.Link);
        node = WorkerNode.RunAsync(
            options with
            {
                Connect = connector.ConnectAsync,
                Host = _ => AkkaActorHost.Create((actor, fault) => broken.TrySetException(
                    new RunFaultException($"{actor} broke an invariant: {fault.Message}", fault))),
            },
            drain.Token);
        Task running = member.RunAsync(options.Time, end.Token);
        Task first = await Task.WhenAny(node, running, broken.Task);
        if (first == broken.Task)
        {
            // Nothing here can be trusted to drain: the cluster notices that this node is gone.
            _ = member.System?.Terminate();
            return await broken.Task;
        }
        await end.CancelAsync();
        try
        {
            await running;
        }
        finally
        {
            // Where it was asked to go while in no cluster, nobody has told the node's machine yet.
            await drain.CancelAsync();
            await ((Task)node).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return await node;
    }
}
