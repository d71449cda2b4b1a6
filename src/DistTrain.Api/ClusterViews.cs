using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Api;

/// <summary>A job as the API shows it.</summary>
public sealed record JobView
{
    public required string Id { get; init; }

    /// <summary>The job's own name; several may share it.</summary>
    public required string Name { get; init; }

    public required JobState State { get; init; }

    /// <summary>Why it ended, was paused or has to wait; null: nothing to say.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset Submitted { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Ended { get; init; }

    /// <summary>
    /// Attempts begun: one more after every pause, interrupt or restart of the coordinator.
    /// </summary>
    public long Attempt { get; init; }

    public required int MinWorkers { get; init; }
    public required int MaxWorkers { get; init; }

    /// <summary>Names of the nodes that work on it now.</summary>
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>1-based; 0 before the first.</summary>
    public int Epoch { get; init; }
    public int Epochs { get; init; }

    /// <summary>Steps committed, and of all epochs together.</summary>
    public long Step { get; init; }
    public long Steps { get; init; }

    /// <summary>Of the last step.</summary>
    public double? Loss { get; init; }
    public double? Accuracy { get; init; }
    public double? SamplesPerSecond { get; init; }

    /// <summary>Fingerprint of the weights of a finished job.</summary>
    public string? WeightsSha256 { get; init; }
}

/// <summary>Where a node stands.</summary>
public enum NodeState { Alive, Suspected, Draining }

/// <summary>A worker node as the API shows it.</summary>
public sealed record NodeView
{
    public required string Name { get; init; }
    public required NodeState State { get; init; }
    public required string Address { get; init; }
    public required string Device { get; init; }
    public required int Cores { get; init; }
    public required long MemoryBytes { get; init; }

    /// <summary>As measured before it joined.</summary>
    public required double Speed { get; init; }

    public required string Engine { get; init; }
    public required string Version { get; init; }

    /// <summary>The job it works on; null: idle.</summary>
    public string? Job { get; init; }

    /// <summary>Its pace in that job; null before the first steps.</summary>
    public WorkerPace? Pace { get; init; }

    /// <summary>Seconds since it was last heard.</summary>
    public double SilentSeconds { get; init; }

    public long BytesSent { get; init; }
    public long BytesReceived { get; init; }
}

/// <summary>The cluster as the API shows it.</summary>
public sealed record ClusterView
{
    /// <summary>Drawn once for a state directory.</summary>
    public required string Id { get; init; }

    /// <summary>Starts of the coordinator on that directory.</summary>
    public required long Epoch { get; init; }

    public required string Version { get; init; }

    /// <summary>Where workers connect.</summary>
    public required string Listen { get; init; }

    public required DateTimeOffset Started { get; init; }
    public required IReadOnlyList<NodeView> Nodes { get; init; }

    /// <summary>Nodes that have gone of late and not come back, oldest first; the last few.</summary>
    public IReadOnlyList<DepartedView> Departed { get; init; } = [];

    /// <summary>Jobs that are not finished, in queue order.</summary>
    public required IReadOnlyList<JobView> Jobs { get; init; }

    /// <summary>The last lines of the cluster's own log, oldest first.</summary>
    public required IReadOnlyList<LogLine> Log { get; init; }
}

/// <summary>A node that is gone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Job">The job it worked on; null: it was idle.</param>
/// <param name="Reason">Why; null: it was asked to go, and owed nothing.</param>
/// <param name="SecondsAgo">Since then.</param>
public sealed record DepartedView(string Name, string? Job, string? Reason, double SecondsAgo);

public sealed record LogLine(DateTimeOffset Time, string Text);
