using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>Where a run stands at one moment: all that one drawing needs.</summary>
public sealed record RunSnapshot
{
    public required int Epoch { get; init; }
    public required int Epochs { get; init; }
    public required int StepInEpoch { get; init; }
    public required int StepsPerEpoch { get; init; }

    /// <summary>The global batch of the epoch, where it changes; null: it does not.</summary>
    public int? Batch { get; init; }

    /// <summary>Smoothed over the last steps; null before the first.</summary>
    public double? Loss { get; init; }

    /// <summary>Smoothed over the last steps; null before the first and for regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>null before the first step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>What the gradient noise says of the batch; null before the first step.</summary>
    public string? Noise { get; init; }

    /// <summary>null while unknown.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>null while unknown.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>
    /// Early stopping, a target or AdaScale may end the run before <see cref="Remaining"/> is over.
    /// </summary>
    public bool MayEndEarly { get; init; }

    /// <summary>The set that is evaluated right now; null: the model trains.</summary>
    public string? Evaluating { get; init; }

    /// <summary>Empty while nothing is known of them.</summary>
    public IReadOnlyList<WorkerPace> Workers { get; init; } = [];

    public IReadOnlyList<CurvePoint> TrainCurve { get; init; } = [];
    public IReadOnlyList<CurvePoint> ValidationCurve { get; init; } = [];
}
