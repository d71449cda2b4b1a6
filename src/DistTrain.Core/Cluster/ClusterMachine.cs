using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>The coordinator node's decisions: who belongs to the cluster, and which job gets whom.</summary>
public sealed class ClusterMachine
{
    /// <param name="cluster">Drawn once for a state directory.</param>
    /// <param name="epoch">Number of this start of the coordinator.</param>
    /// <param name="detector">Timing of the failure detector.</param>
    /// <param name="jobs">What is on disk; runs that were under way are queued again.</param>
    public ClusterMachine(
        string cluster, long epoch, FailureDetectorOptions detector, IReadOnlyList<JobRecord> jobs)
    {
        _ = (cluster, epoch, detector, jobs);
    }

    /// <summary>Every job, by order of submission.</summary>
    public IReadOnlyList<JobRecord> Jobs { get; } = [];

    /// <summary>Every node that belongs to the cluster, by name.</summary>
    public IReadOnlyList<Member> Members { get; } = [];

    /// <summary>To be called once, before anything is handled.</summary>
    public void Start(TimeSpan now, List<Effect> effects) => throw new NotSupportedException();

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects) => throw new NotSupportedException();
}

/// <summary>A node of the cluster.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Session">Its present link.</param>
/// <param name="Description">What it said of itself.</param>
/// <param name="Run">The run it belongs to or is getting ready for; null: idle.</param>
/// <param name="IsSuspected">Silent for a while.</param>
/// <param name="IsLeaving">It is asked to go, or wants to.</param>
/// <param name="LastHeard">By the machine's clock.</param>
public sealed record Member(
    NodeId Node, SessionId Session, NodeDescription Description, RunId? Run, bool IsSuspected, bool IsLeaving,
    TimeSpan LastHeard);
