using System.Collections.Concurrent;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.State;
using DistTrain.Net.Links;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Sends a run's weights to its workers, straight from the parameters, each version once to each worker that
/// is given an order for it. The parameters may change only when nothing of them is under way; a worker that
/// was given an order has all of them before it can answer, and one that cannot answer loses its link, so
/// that wait is hardly ever one.
/// </summary>
internal sealed class WeightsOutbox(RunId run, TrainingState state, GradientInbox inbox) : IWeightsPublisher
{
    private readonly ConcurrentDictionary<ActorId, Destination> _workers = new();
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private int _sending;

    public void Add(ActorId worker, ILink link) => _workers[worker] = new Destination(link);

    public void Remove(ActorId worker) => _workers.TryRemove(worker, out _);

    public void Deliver(ActorId worker, IVersionedOrder order)
    {
        inbox.Open(order.Version);
        if (!_workers.TryGetValue(worker, out Destination? destination))
        {
            return;
        }
        var message = new RunMessage(run, order);
        if (destination.Version == order.Version)
        {
            destination.Link.TrySend(message);
            return;
        }
        destination.Version = order.Version;
        lock (_lock)
        {
            _sending++;
        }
        var announcement = new WeightsSent(run, order.Version);
        if (!destination.Link.TrySend(
            announcement, Payload.Of(state.Parameters), _ => Sent(), ahead: message))
        {
            Sent();
        }
    }

    /// <summary>
    /// Runs the action when no byte of the parameters is under way: at once, or on the thread that hears of
    /// the last one.
    /// </summary>
    public void WhenIdle(Action action)
    {
        lock (_lock)
        {
            if (_sending > 0)
            {
                _waiting.Enqueue(action);
                return;
            }
        }
        action();
    }

    private void Sent()
    {
        Action[] ready;
        lock (_lock)
        {
            if (--_sending > 0)
            {
                return;
            }
            ready = [.. _waiting];
            _waiting.Clear();
        }
        foreach (Action action in ready)
        {
            action();
        }
    }

    private sealed class Destination(ILink link)
    {
        public ILink Link { get; } = link;

        /// <summary>The last version sent; -1: none yet.</summary>
        public long Version { get; set; } = -1;
    }
}
