using DistTrain.Core.Coordination;

namespace DistTrain.Runs.Summaries;

/// <summary>How a run ended: what summary.json and the --json result object say.</summary>
public sealed record RunSummary
{
    public required RunStatus Status { get; init; }

    /// <summary>Epochs completed.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps taken, skipped ones included.</summary>
    public required long Steps { get; init; }

    /// <summary>Of the last epoch; null where none was completed.</summary>
    public EvaluationMetrics? Train { get; init; }

    /// <summary>Of the weights that were kept; null without a validation set.</summary>
    public EvaluationMetrics? Validation { get; init; }

    /// <summary>Of the weights that were kept; null without a test set.</summary>
    public EvaluationMetrics? Test { get; init; }

    /// <summary>
    /// Ratio of the run's means of tr Σ and |G|², in samples; null where no step gave an estimate or the
    /// mean of |G|² is not positive.
    /// </summary>
    public double? NoiseScale { get; init; }

    /// <summary>Where the job's target was first reached; null: it was not, or the job has none.</summary>
    public TargetReached? Target { get; init; }

    /// <summary>Fingerprint of the final weights; null where a failed run has none.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>Training alone, over the whole run.</summary>
    public required double SamplesPerSecond { get; init; }

    /// <summary>Wall time of the run, in seconds.</summary>
    public required double Seconds { get; init; }

    public required string RunDirectory { get; init; }

    /// <summary>Why a failed run failed.</summary>
    public string? Error { get; init; }

    /// <summary>completed, stopped-early, interrupted or failed.</summary>
    public string StatusText => Status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.StoppedEarly => "stopped-early",
        RunStatus.Interrupted => "interrupted",
        RunStatus.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(Status), Status, message: null),
    };
}
