using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>All a <see cref="ClusterMachine"/> remembers; its parts share it.</summary>
internal sealed class ClusterState(
    string cluster, long epoch, FailureDetectorOptions detector, IReadOnlyList<JobRecord> jobs)
{
    public string Cluster { get; } = cluster;

    public long Epoch { get; } = epoch;

    public FailureDetector Detector { get; } = new(detector);

    public FailureDetectorOptions Timing => Detector.Options;

    public JobQueue Jobs { get; } = new(jobs);

    public MemberList Members { get; } = new();

    public DepartedList Departed { get; } = new();

    public OpenRuns Runs { get; } = new();

    /// <summary>
    /// Processes that are to leave: should one lose its link before it has heard so, it is told once it is
    /// back.
    /// </summary>
    public Dictionary<NodeId, long> Drained { get; } = [];

    /// <summary>The coordinator is asked to go: nothing new begins.</summary>
    public bool IsClosing { get; set; }
}
