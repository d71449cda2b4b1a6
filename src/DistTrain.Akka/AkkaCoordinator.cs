using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using DistTrain.Akka.Links;
using DistTrain.Akka.Membership;
using DistTrain.Akka.News;
using DistTrain.Cluster.Coordinator;

namespace DistTrain.Akka;

/// <summary>
/// A coordinator's process in an Akka.NET cluster: one of several that can be the coordinator, and the
/// coordinator whenever the cluster's singleton lives here.
/// </summary>
public static class AkkaCoordinator
{
    /// <summary>Runs until it is asked to stop, and has saved and left.</summary>
    /// <param name="akka">The cluster.</param>
    /// <param name="options">Of the node, all but what carries its links.</param>
    /// <param name="serve">Starts the API when this process has become the coordinator.</param>
    /// <param name="stop">Asks it to save and leave.</param>
    /// <exception cref="Core.DistTrainException">It cannot run, or could not go on.</exception>
    public static async Task RunAsync(
        AkkaOptions akka, CoordinatorNodeOptions options,
        Func<CoordinatorNode, Task<IAsyncDisposable>> serve, CancellationToken stop)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        CoordinatorSeat? seat = null;
        var member = new ClusterMember(
            akka, ClusterSystem.CoordinatorRole, options.Say,
            system =>
            {
                CoordinatorSeat present = Seat(system, akka, options, serve, fault =>
                {
                    failed.TrySetException(fault);
                });
                seat = present;
                return () => present.LeaveAsync(save: false);
            },
            () => seat?.LeaveAsync(save: true) ?? Task.CompletedTask);
        Task running = member.RunAsync(options.Time, end.Token);
        await Task.WhenAny(running, failed.Task);
        await end.CancelAsync();
        await running;
        if (failed.Task.IsFaulted)
        {
            await failed.Task;
        }
    }

    private static CoordinatorSeat Seat(
        ActorSystem system, AkkaOptions akka, CoordinatorNodeOptions options,
        Func<CoordinatorNode, Task<IAsyncDisposable>> serve, Action<Exception> failed)
    {
        IActorRef listener = system.ActorOf(Props.Create(() => new NewsListener(
            new[] { Topics.JobEvents, Topics.Weights }, options.Say)));
        var seat = new CoordinatorSeat(
            options, akka, serve, new NewsDesk(system, options.Time),
            () => listener.Tell(NewsListener.TakingOver.Instance, ActorRefs.NoSender), failed);
        var reception = new LinkReception(system, options.Link);
        system.ActorOf(
            ClusterSingletonManager.Props(
                Props.Create(() => new CoordinatorSingleton(seat, reception)),
                CoordinatorSingleton.HandOver.Instance,
                ClusterSingletonManagerSettings.Create(system).WithRole(ClusterSystem.CoordinatorRole)),
            ClusterSystem.SingletonName);
        return seat;
    }
}
