using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>How far a node is in a run, as the coordinator knows it.</summary>
internal enum LeasePhase
{
    /// <summary>Chosen for a run that is not open yet; the node knows nothing of it.</summary>
    Assigned,

    /// <summary>PrepareRun is on its way, again and again, until RunPrepared or RunRefused.</summary>
    Preparing,

    /// <summary>The run's coordinator machine was told WorkerJoined.</summary>
    Working,

    /// <summary>The run's coordinator machine was told WorkerLeaving.</summary>
    Leaving,

    /// <summary>ReleaseRun is on its way, again and again, until RunReleased.</summary>
    Releasing,
}

/// <summary>
/// One node lent to one run, over one session. A lease only ever moves forward through its phases, on both
/// ends of the link; that is what makes a late or doubled message of it harmless. To take part in the same run
/// once more a node comes over a new session.
/// </summary>
/// <param name="run">Which run.</param>
/// <param name="number">Counts the leases: later ones are higher.</param>
internal sealed class NodeLease(RunId run, long number)
{
    public RunId Run { get; } = run;

    public long Number { get; } = number;

    public LeasePhase Phase { get; set; } = LeasePhase.Assigned;

    /// <summary>Of PrepareRun and ReleaseRun.</summary>
    public Pace Asked { get; } = new();

    /// <summary>Counts towards the workers of its run.</summary>
    public bool IsHeld => Phase is LeasePhase.Assigned or LeasePhase.Preparing or LeasePhase.Working;

    /// <summary>The run's coordinator machine knows this worker.</summary>
    public bool IsKnownToRun => Phase is LeasePhase.Working or LeasePhase.Leaving;
}
