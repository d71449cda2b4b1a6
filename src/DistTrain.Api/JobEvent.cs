using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Api;

/// <summary>
/// Something that happened to a job, in the order it happened. Exactly one of the parts is set.
/// </summary>
/// <param name="Sequence">
/// Counts up from 1 within a job, across restarts of the coordinator; gaps are steps that were left out for a
/// watcher too slow for them, or that are not kept.
/// </param>
/// <param name="Time">When.</param>
public sealed record JobEvent(long Sequence, DateTimeOffset Time)
{
    public JobStateChange? State { get; init; }
    public JobStarted? Started { get; init; }
    public StepMetrics? Step { get; init; }
    public JobEvaluating? Evaluating { get; init; }
    public EpochMetrics? Epoch { get; init; }

    /// <summary>A validation between the ends of epochs.</summary>
    public ValidationPoint? Validation { get; init; }

    public IReadOnlyList<WorkerPace>? Workers { get; init; }
    public string? Notice { get; init; }

    /// <summary>
    /// The result object of <c>train --json</c>, one line of JSON; the last event of a job.
    /// </summary>
    public string? Result { get; init; }
}

public sealed record JobStateChange(JobState State, string? Reason);

/// <summary><see cref="RunStarted"/> with the effective job as its JSON text.</summary>
public sealed record JobStarted(
    string JobJson, int Workers, int StepsPerEpoch, int TrainingSamples, int ValidationSamples,
    long Parameters, string Engine, long? ResumedAt);

public sealed record JobEvaluating(int Epoch, string Split);
