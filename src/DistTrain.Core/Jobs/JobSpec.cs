namespace DistTrain.Core.Jobs;

/// <summary>
/// The effective job: every field has its value, nothing is left to a default. Two equal jobs on one kind of
/// device give the same bits, whatever cluster runs them.
/// </summary>
public sealed record JobSpec
{
    public required string Name { get; init; }
    public required ModelSpec Model { get; init; }
    public required DatasetSpec Dataset { get; init; }
    public required LossSpec Loss { get; init; }
    public required BatchSpec Batch { get; init; }
    public required int Epochs { get; init; }
    public required OptimizerSpec Optimizer { get; init; }
    public required LearningRateSpec LearningRate { get; init; }

    /// <summary>Global-norm gradient clipping (Pascanu et al. 2013); null: off.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>null: off.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>Training ends after this many steps, wherever in an epoch that is; null: by epochs.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Validate every N steps besides the ends of epochs; null: at epochs only.</summary>
    public int? ValidateEverySteps { get; init; }

    /// <summary>A value of a metric whose first step is noted; null: none.</summary>
    public TargetSpec? Target { get; init; }

    public required Aggregation Aggregation { get; init; }
    public required WorkersSpec Workers { get; init; }

    /// <summary>
    /// Threads of each worker. Part of the science: kernels may round differently with another number.
    /// </summary>
    public required int Threads { get; init; }

    /// <summary>The numbers that layers compute with.</summary>
    public Precision Precision { get; init; }

    /// <summary>False: a GPU may take kernels whose bits differ from run to run.</summary>
    public bool Deterministic { get; init; } = true;

    /// <summary>fp16: how the loss is scaled.</summary>
    public LossScalingSpec LossScaling { get; init; } = new();

    public required CheckpointSpec Checkpoint { get; init; }

    /// <summary>Consecutive non-finite steps after which the job fails.</summary>
    public required int MaxSkippedSteps { get; init; }

    public required long Seed { get; init; }
}

public sealed record LossSpec
{
    public required LossKind Kind { get; init; }

    /// <summary>
    /// cross-entropy: mass spread evenly over all classes (Szegedy et al. 2016, section 7).
    /// </summary>
    public double LabelSmoothing { get; init; }
}

public enum LossKind { CrossEntropy, MeanSquaredError }

public sealed record OptimizerSpec
{
    public required OptimizerKind Kind { get; init; }
    public double Momentum { get; init; }
    public bool Nesterov { get; init; }
    public double WeightDecay { get; init; }
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.999;

    /// <summary>rmsprop: decay of the mean square.</summary>
    public double Alpha { get; init; } = 0.99;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>lars: η of the trust ratio η·‖w‖/(‖g‖ + λ‖w‖).</summary>
    public double TrustCoefficient { get; init; } = 0.001;
}

public enum OptimizerKind { Sgd, RmsProp, Adam, AdamW, Lars, Lamb }

public sealed record EarlyStoppingSpec
{
    public required StoppingMetric Metric { get; init; }

    /// <summary>Epochs without improvement after which training stops.</summary>
    public required int Patience { get; init; }

    public double MinDelta { get; init; }
    public bool RestoreBest { get; init; } = true;
}

/// <summary>A watched metric; losses improve downward, accuracies upward.</summary>
public enum StoppingMetric { ValidationLoss, ValidationAccuracy, TrainLoss, TrainAccuracy }

public enum Aggregation { Coordinator, Sharded, Collective }

/// <param name="Min">With fewer workers the job waits.</param>
/// <param name="Max">More are not used; <see cref="AsManyAsCome"/>: no bound.</param>
public sealed record WorkersSpec(int Min, int Max)
{
    public const int AsManyAsCome = 1 << 16;
}

/// <param name="EveryEpochs">Save after every N epochs.</param>
/// <param name="EverySteps">Save after every N steps as well; null: at epochs only.</param>
/// <param name="Keep">Newest checkpoints kept; the best one is kept besides.</param>
public sealed record CheckpointSpec(int EveryEpochs, int? EverySteps, int Keep);
