using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

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
