using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using DistTrain.Core.Hosting;
using ActorStopped = DistTrain.Core.Hosting.ActorStopped;
using IActor = DistTrain.Core.Hosting.IActor;

namespace DistTrain.Akka.Hosting;

/// <summary>
/// The actor-host seam over Akka.NET: each actor is a child of one guardian, which supervises by
/// <see cref="FaultPolicy"/>. An actor with a thread of its own has a pinned dispatcher, the others share the
/// runtime's pool.
/// <code>
///   /user/disttrain-N                 guardian: an actor that fails is stopped, and its watchers hear why;
///      ├── shell of "coordinator"     one that broke an invariant is reported besides
///      └── shell of "worker-1"
/// </code>
/// Timers are those of the actor system's scheduler, so that a test's virtual time drives them.
/// </summary>
public sealed class AkkaActorHost : IActorHost
{
    private const string Pinned = "disttrain.pinned-dispatcher";
    private const string Shared = "disttrain.shared-dispatcher";
    private static int _hosts;

    private readonly ConcurrentDictionary<ActorId, ShellCell> _cells = new();
    private readonly ConcurrentDictionary<ActorId, ConcurrentBag<ActorId>> _watchers = new();
    private readonly ActorSystem _system;
    private readonly bool _ownsSystem;
    private readonly IActorRef _guardian;

    /// <param name="system">Configured with <see cref="Configuration"/>; stays its owner's.</param>
    /// <param name="broken">
    /// Hears of each fault that is no engine's and no user's: an invariant of the program is broken, and its
    /// process should not go on. null: nobody does.
    /// </param>
    public AkkaActorHost(ActorSystem system, Action<ActorId, Exception>? broken = null)
        : this(system, broken, ownsSystem: false)
    {
    }

    private AkkaActorHost(ActorSystem system, Action<ActorId, Exception>? broken, bool ownsSystem)
    {
        (_system, _ownsSystem) = (system, ownsSystem);
        Action<ActorId, Exception> report = broken ?? ((_, _) => { });
        _guardian = system.ActorOf(
            Props.Create(() => new HostGuardian(report)),
            $"disttrain-{Interlocked.Increment(ref _hosts)}");
    }

    /// <summary>What an actor system must know to be a host's.</summary>
    public static Config Configuration { get; } =
        ConfigurationFactory.FromResource<AkkaActorHost>("DistTrain.Akka.Hosting.host.conf");

    /// <summary>A host with an actor system of its own, which ends with it.</summary>
    public static AkkaActorHost Create(Action<ActorId, Exception>? broken = null)
        => new(ActorSystem.Create("disttrain-host", Configuration), broken, ownsSystem: true);

    public void Start(ActorId id, ActorPlacement placement, Func<IActor> create)
    {
        var cell = new ShellCell(id, OnStopped);
        if (!_cells.TryAdd(id, cell))
        {
            throw new InvalidOperationException($"an actor named {id} lives already");
        }
        Props props = Props.Create(() => new ActorShell(cell, create))
            .WithDispatcher(placement == ActorPlacement.OwnThread ? Pinned : Shared);
        cell.Open(_guardian, new StartShell(props, cell));
    }

    public bool Tell(ActorId to, IMessage message)
        => _cells.TryGetValue(to, out ShellCell? cell) && cell.Tell(message);

    public void Watch(ActorId watcher, ActorId subject)
    {
        _watchers.GetOrAdd(subject, _ => []).Add(watcher);
        if (!_cells.ContainsKey(subject))
        {
            Tell(watcher, new ActorStopped(subject, null));
        }
    }

    public IDisposable Every(TimeSpan period, ActorId to, IMessage message)
        => new Timer(_system.Scheduler.Advanced.ScheduleRepeatedlyCancelable(
            period, period, () => Tell(to, message)));

    public Task StopAsync(ActorId id)
        => _cells.TryGetValue(id, out ShellCell? cell) ? cell.StopAsync() : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_cells.Values.Select(cell => cell.StopAsync()));
        if (_ownsSystem)
        {
            await _system.Terminate();
        }
        else
        {
            _system.Stop(_guardian);
        }
    }

    private void OnStopped(ActorId id, Exception? fault)
    {
        _cells.TryRemove(id, out _);
        if (_watchers.TryRemove(id, out ConcurrentBag<ActorId>? watchers))
        {
            foreach (ActorId watcher in watchers)
            {
                Tell(watcher, new ActorStopped(id, fault));
            }
        }
    }

    private sealed class Timer(ICancelable schedule) : IDisposable
    {
        public void Dispose() => schedule.Cancel();
    }
}
