using DistTrain.Core.Coordination;

namespace DistTrain.Study.Records;

/// <summary>
/// One finished run of a study: a row of results.csv, a line of results.jsonl, a point of every plot.
/// </summary>
public sealed record StudyRun
{
    /// <summary>The first 12 hexadecimal digits of the SHA-256 of the effective job.</summary>
    public required string Id { get; init; }

    // Where it lies in the grid ---------------------------------------------------------------------------

    public required string Model { get; init; }
    public required string Dataset { get; init; }
    public required int TrainingSamples { get; init; }

    /// <summary>none, sqrt, linear, legew, adascale or tuned.</summary>
    public required string Rule { get; init; }

    /// <summary>sgd, nesterov, adam, adamw, lars, lamb, …</summary>
    public required string Optimizer { get; init; }

    public required int Batch { get; init; }
    public required int Shards { get; init; }
    public required int Workers { get; init; }
    public required long Seed { get; init; }
    public required double WarmupEpochs { get; init; }

    /// <summary>Which try of a tuned setting this is, from 0; null: the rule gave the rate.</summary>
    public int? Trial { get; init; }

    /// <summary>η₀ before the rule, and η after it.</summary>
    public required double BaseRate { get; init; }
    public required double PeakRate { get; init; }

    /// <summary>Epochs the job asked for.</summary>
    public required int Epochs { get; init; }

    // What came of it -------------------------------------------------------------------------------------

    public required RunStatus Status { get; init; }

    /// <summary>True: it ended because its gradients were no longer finite.</summary>
    public bool Diverged { get; init; }

    /// <summary>True: the study gave it up for hopeless before its end.</summary>
    public bool GivenUp { get; init; }

    /// <summary>One line for people where it is not plainly completed.</summary>
    public string? Reason { get; init; }

    public required long Steps { get; init; }

    /// <summary>Training samples seen, counted as often as they were seen.</summary>
    public required long Examples { get; init; }

    public EvaluationMetrics? Train { get; init; }
    public EvaluationMetrics? Validation { get; init; }
    public EvaluationMetrics? Test { get; init; }

    /// <summary>The best value of the target's metric at any validation.</summary>
    public double? Best { get; init; }

    /// <summary>Steps, examples and seconds of training until the target was first reached.</summary>
    public long? StepsToTarget { get; init; }
    public long? ExamplesToTarget { get; init; }
    public double? SecondsToTarget { get; init; }

    /// <summary>The target's metric at the rungs of successive halving that it reached.</summary>
    public IReadOnlyList<double> Rungs { get; init; } = [];

    /// <summary>Ratio of the run's means, in samples.</summary>
    public double? NoiseScale { get; init; }

    public required double Seconds { get; init; }
    public required double SamplesPerSecond { get; init; }
    public string? WeightsSha256 { get; init; }

    /// <summary>Relative to the study's folder, which may be moved and shared.</summary>
    public string? RunDirectory { get; init; }
}
