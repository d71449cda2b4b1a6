using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>
/// What a run is to the cluster's machine: workers come and go, steps are made while enough are here and each
/// of them computes, and at some time it ends.
/// </summary>
internal sealed class FakeRun(RunId id, int minWorkers, Func<NodeId, RunId?> activeRunOf)
{
    private readonly HashSet<ActorId> _leaving = [];
    private string? _stop;

    public RunId Id { get; } = id;

    public HashSet<ActorId> Workers { get; } = [];

    public void Tell(IMessage message)
    {
        switch (message)
        {
            case WorkerJoined joined:
                Workers.Add(joined.Worker);
                break;
            case WorkerLeaving leaving:
                _leaving.Add(leaving.Worker);
                break;
            case WorkerLost lost:
                Workers.Remove(lost.Worker);
                _leaving.Remove(lost.Worker);
                break;
            case StopRequested stop:
                _stop ??= stop.Reason;
                break;
            default:
                throw new InvalidOperationException($"a run is not told {message}");
        }
    }

    /// <summary>Makes a step if it can, which every worker must have a part in.</summary>
    /// <returns>What the run has to say.</returns>
    public IReadOnlyList<IMessage> Step(ref int stepsLeft)
    {
        bool canStep = Workers.All(worker => activeRunOf(new NodeId(worker.Name)) == Id);
        List<IMessage> said = [];
        if (canStep || _stop is not null)
        {
            said.AddRange(_leaving.Select(worker => new RunReleasedWorker(Id, new NodeId(worker.Name))));
            Workers.ExceptWith(_leaving);
            _leaving.Clear();
        }
        if (canStep && Workers.Count >= minWorkers)
        {
            stepsLeft--;
        }
        if (stepsLeft <= 0)
        {
            said.Add(new RunEnded(Id, RunStatus.Completed, "all epochs done"));
        }
        else if (_stop is not null && (canStep || Workers.Count == 0))
        {
            said.Add(new RunEnded(Id, RunStatus.Interrupted, _stop));
        }
        return said;
    }
}
