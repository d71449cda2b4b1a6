using System.Collections.Concurrent;
using DistTrain.Core.Hosting;

namespace DistTrain.Cluster.Hosting;

/// <summary>
/// Actors of this process and of other nodes behind one seam: what is told to an attached name goes over that
/// node's link, everything else to the local host. The loss of a link is the death of the actors behind it.
/// </summary>
/// <param name="local">Hosts this process's own actors; owned from now on.</param>
public sealed class NodeHost(IActorHost local) : IActorHost
{
    private readonly ConcurrentDictionary<ActorId, Func<IMessage, bool>> _remote = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<ActorId, List<ActorId>> _watchers = [];

    /// <summary>
    /// From now on this name is an actor elsewhere; a second call for the same name replaces the way to it.
    /// </summary>
    /// <param name="id">The actor's name.</param>
    /// <param name="deliver">Sends to it; false: its link is closed.</param>
    public void Attach(ActorId id, Func<IMessage, bool> deliver) => _remote[id] = deliver;

    /// <summary>The actor elsewhere is gone, or out of reach for good; its watchers hear of it.</summary>
    public void Detach(ActorId id, string reason)
    {
        if (!_remote.TryRemove(id, out _))
        {
            return;
        }
        List<ActorId>? watchers;
        lock (_lock)
        {
            _watchers.Remove(id, out watchers);
        }
        foreach (ActorId watcher in watchers ?? [])
        {
            Tell(watcher, new ActorStopped(id, new IOException(reason)));
        }
    }

    public void Start(ActorId id, ActorPlacement placement, Func<IActor> create)
    {
        if (_remote.ContainsKey(id))
        {
            throw new InvalidOperationException($"an actor named {id} lives on another node");
        }
        local.Start(id, placement, create);
    }

    public bool Tell(ActorId to, IMessage message)
        => _remote.TryGetValue(to, out Func<IMessage, bool>? deliver)
            ? deliver(message)
            : local.Tell(to, message);

    public void Watch(ActorId watcher, ActorId subject)
    {
        lock (_lock)
        {
            if (_remote.ContainsKey(subject))
            {
                if (!_watchers.TryGetValue(subject, out List<ActorId>? watchers))
                {
                    _watchers[subject] = watchers = [];
                }
                watchers.Add(watcher);
                return;
            }
        }
        local.Watch(watcher, subject);
    }

    public IDisposable Every(TimeSpan period, ActorId to, IMessage message)
        => local.Every(period, to, message);

    public Task StopAsync(ActorId id) => local.StopAsync(id);

    public ValueTask DisposeAsync() => local.DisposeAsync();
}
