using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Runtime.Training;

namespace DistTrain.Runtime.InProcess;

/// <summary>
/// The data plane of one process. Everyone reads the same parameters and the aggregator finds the gradients
/// on the board, so nothing moves: a new version is there as soon as it is asked for, and it cannot change
/// while someone computes on it, for the update waits for all of them.
/// </summary>
internal sealed class SharedMemoryPlane(ActorId self, ActorId coordinator, IActorHost host)
    : IWorkerDataPlane, IWeightsPublisher
{
    public void Acquire(long version) => host.Tell(self, new WeightsAcquired(version));

    public bool TryEnter(long version) => true;

    public void Exit() { }

    public void Publish(SubtreeReady ready, bool isLast) => host.Tell(coordinator, ready);

    public void Deliver(ActorId worker, IVersionedOrder order) => host.Tell(worker, order);
}
