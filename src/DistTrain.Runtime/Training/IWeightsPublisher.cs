using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Training;

/// <summary>The coordinator's side of the weights' way to the workers.</summary>
public interface IWeightsPublisher
{
    /// <summary>
    /// An order for weights of this version has just been told to a worker: send them after it, unless it has
    /// them. The parameters stay as they are until every worker that was offered them has answered or is
    /// lost.
    /// </summary>
    void Offer(ActorId worker, long version);
}

/// <summary>Whoever started a run and hears of its end.</summary>
public interface IRunOwner
{
    /// <summary>The machine is through; nothing more will be told.</summary>
    void OnFinished(Core.Coordination.RunOutcome outcome);

    /// <summary>A leaving worker owes nothing any more.</summary>
    void OnWorkerReleased(ActorId worker);
}
