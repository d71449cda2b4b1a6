namespace DistTrain.Core.Cluster;

/// <summary>
/// Where a job stands.
/// <code>
///   Queued ──► Running ──► Completed | StoppedEarly | Failed
///     ▲  │        │  └──► Stopping ──► Stopped
///     │  └► Paused◄── Pausing
///     └──────┘ resume           Queued, Paused ──stop──► Stopped
/// </code>
/// </summary>
public enum JobState
{
    Queued, Running, Pausing, Paused, Stopping, Completed, StoppedEarly, Stopped, Failed,
}

/// <summary>All the queue knows of a job; what is on disk of it, besides its run directory.</summary>
public sealed record JobRecord
{
    public required JobId Id { get; init; }
    public required JobState State { get; init; }

    /// <summary>Place in the order of submission: lower goes first.</summary>
    public required long Order { get; init; }

    /// <summary>Attempts begun so far.</summary>
    public long Attempt { get; init; }

    /// <summary>With fewer workers the job waits.</summary>
    public required int MinWorkers { get; init; }

    /// <summary>More workers are not given to it; <c>job scale</c> changes it.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Why it ended, was paused or has to wait; one line for people.</summary>
    public string? Reason { get; init; }

    public bool IsFinished => State
        is JobState.Completed or JobState.StoppedEarly or JobState.Stopped or JobState.Failed;
}
