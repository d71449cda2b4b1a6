using Akka;
using Akka.Actor;
using DistTrain.Core;

namespace DistTrain.Akka.Membership;

/// <summary>
/// A process as a member of the cluster, from start to end. The actor system of the cluster ends when the
/// cluster puts this node out (the split-brain resolver's decision, which is final for that system), and a
/// new one joins anew; what the process computes with lives elsewhere and hears only that its link is lost.
/// <code>
///   joined ──stop, or told to leave──► drains ──► leaves ──► ended
///      │ put out: "downed"
///      └──► its actor system ends ──► a new one joins …
/// </code>
/// </summary>
/// <param name="options">Where, and through whom.</param>
/// <param name="role">Of the node.</param>
/// <param name="say">Takes lines for people.</param>
/// <param name="started">
/// Called with each actor system before it joins; the result is called when that system ends.
/// </param>
/// <param name="drain">Finishes what is in hand; part of leaving, and called at most once.</param>
internal sealed class ClusterMember(
    AkkaOptions options, string role, Action<string> say, Func<ActorSystem, Func<Task>> started,
    Func<Task> drain)
{
    private static readonly TimeSpan JoinAgainAfter = TimeSpan.FromSeconds(1);
    private volatile ActorSystem? _system;

    /// <summary>The actor system of now; null: between two.</summary>
    public ActorSystem? System => _system;

    /// <summary>Until it is stopped, or has left because somebody told the cluster so.</summary>
    /// <exception cref="UserFaultException">The configuration is wrong, or the port is taken.</exception>
    public async Task RunAsync(TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            bool wasPutOut = await BelongAsync(stop);
            if (!wasPutOut)
            {
                return;
            }
            say("the cluster has put this node out; joining it anew");
            await Task.Delay(JoinAgainAfter, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>True: the cluster has put it out.</returns>
    private async Task<bool> BelongAsync(CancellationToken stop)
    {
        ActorSystem system = ClusterSystem.Create(options, role);
        CoordinatedShutdown shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "drain", async () =>
        {
            if (shutdown.ShutdownReason is not CoordinatedShutdown.ClusterDowningReason)
            {
                await drain();
            }
            return Done.Instance;
        });
        system.ActorOf(ClusterWatch.Telling(say), "watch");
        Func<Task> ended = started(system);
        _system = system;
        ClusterSystem.Join(system, options);
        try
        {
            await using CancellationTokenRegistration wish = stop.Register(
                () => _ = shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));
            await system.WhenTerminated;
        }
        finally
        {
            _system = null;
            await ended();
        }
        return shutdown.ShutdownReason is not (
            CoordinatedShutdown.ClrExitReason or CoordinatedShutdown.ClusterLeavingReason);
    }
}
