using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Training;

/// <summary>The coordinator's side of the weights' way to the workers.</summary>
public interface IWeightsPublisher
{
    /// <summary>
    /// Gives an order to a worker, and after it the weights it needs, unless the worker has them. The
    /// parameters stay as they are until every worker that was sent them has answered or is lost.
    /// </summary>
    void Deliver(ActorId worker, IVersionedOrder order);
}

/// <summary>Whoever started a run and hears of its end.</summary>
public interface IRunOwner
{
    /// <summary>The machine is through; nothing more will be told.</summary>
    void OnFinished(Core.Coordination.RunOutcome outcome);

    /// <summary>A leaving worker owes nothing any more.</summary>
    void OnWorkerReleased(ActorId worker);
}
