using System.Collections.Concurrent;
using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Actors;

/// <summary>
/// Actors of one process: delivery is a queue, death is an exception, time is the process's clock.
/// </summary>
/// <param name="time">Clock of the timers.</param>
/// <param name="spins">
/// Turns (of about a hundred nanoseconds) a thread waits for its next message before it sleeps; 0 where there
/// are more threads than processors.
/// </param>
public sealed class InProcessHost(TimeProvider time, int spins = 0) : IActorHost
{
    private readonly ConcurrentDictionary<ActorId, ActorCell> _cells = new();
    private readonly ConcurrentDictionary<ActorId, ConcurrentBag<ActorId>> _watchers = new();

    public void Start(ActorId id, ActorPlacement placement, Func<IActor> create)
    {
        ActorCell cell = placement == ActorPlacement.OwnThread
            ? new OwnThreadCell(id, create, OnStopped, spins)
            : new SharedCell(id, create, OnStopped);
        if (!_cells.TryAdd(id, cell))
        {
            throw new InvalidOperationException($"an actor named {id} lives already");
        }
        cell.Start();
    }

    public bool Tell(ActorId to, IMessage message)
        => _cells.TryGetValue(to, out ActorCell? cell) && cell.Tell(message);

    public void Watch(ActorId watcher, ActorId subject)
    {
        _watchers.GetOrAdd(subject, _ => []).Add(watcher);
        if (!_cells.ContainsKey(subject))
        {
            Tell(watcher, new ActorStopped(subject, null));
        }
    }

    public IDisposable Every(TimeSpan period, ActorId to, IMessage message)
        => time.CreateTimer(_ => Tell(to, message), null, period, period);

    public Task StopAsync(ActorId id)
        => _cells.TryGetValue(id, out ActorCell? cell) ? cell.StopAsync() : Task.CompletedTask;

    public async ValueTask DisposeAsync()
        => await Task.WhenAll(_cells.Values.Select(cell => cell.StopAsync()));

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
}
