using DistTrain.Core.Coordination;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// The aggregator beside a cluster's coordinator: as in one process, but that the parameters are left alone
/// while they are being sent, and buffers of gradients that nobody needs are free again.
/// </summary>
internal sealed class CarefulAggregator(TreeAggregator inner, WeightsOutbox outbox, GradientInbox inbox)
    : IAggregator
{
    public void Settle(SubtreeReady handled, IReadOnlyList<GradientSource> inUse)
        => inbox.Settle(handled, inUse);

    public void Reduce(ReduceGradients request, Action<GradientsReduced> done) => inner.Reduce(request, done);

    public void Apply(ApplyUpdate request, Action<UpdateApplied> done)
        => outbox.WhenIdle(() => inner.Apply(request, done));
}
