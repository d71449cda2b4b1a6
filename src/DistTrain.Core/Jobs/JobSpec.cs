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

/// <summary>
/// Exactly one of <see cref="Preset"/>, <see cref="Layers"/>, <see cref="TorchScript"/> and
/// <see cref="Assembly"/> is set.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>softmax, mlp, lenet, cnn, resnet8 or resnet20.</summary>
    public string? Preset { get; init; }

    /// <summary>Hidden sizes of the preset mlp.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }

    /// <summary>relu, tanh or gelu: the activation of the preset mlp.</summary>
    public string? Activation { get; init; }

    /// <summary>
    /// Drop probability before the last layer (mlp: after every hidden layer) of a preset; 0: none.
    /// </summary>
    public double Dropout { get; init; }

    public IReadOnlyList<LayerSpec>? Layers { get; init; }

    /// <summary>Path of a TorchScript file.</summary>
    public string? TorchScript { get; init; }

    /// <summary>Path of a .NET assembly with a module of the user's own.</summary>
    public string? Assembly { get; init; }

    /// <summary>Full name of the module's type in <see cref="Assembly"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The file a model comes from; null: the job says all of it.</summary>
    public string? File => TorchScript ?? Assembly;
}

/// <summary>
/// One layer as a job writes it, e.g. {"conv2d":{"out":32,"kernel":5,"padding":2}} or "relu".
/// </summary>
public sealed record LayerSpec
{
    public required LayerKind Kind { get; init; }

    /// <summary>Output features (linear) or channels (conv2d).</summary>
    public int Out { get; init; }

    public int Kernel { get; init; }
    public int Stride { get; init; } = 1;
    public int Padding { get; init; }
    public bool Bias { get; init; } = true;

    /// <summary>Drop probability.</summary>
    public double Probability { get; init; }

    /// <summary>batchnorm2d: added to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>batchnorm2d: weight of the newest statistics in the running ones.</summary>
    public double Momentum { get; init; } = 0.1;

    /// <summary>
    /// residual: the layers of the branch. The block's output is branch(x) + shortcut(x); the activation
    /// after the sum is a layer of its own.
    /// </summary>
    public IReadOnlyList<LayerSpec> Body { get; init; } = [];

    /// <summary>residual: the layers of the shortcut; empty: the identity.</summary>
    public IReadOnlyList<LayerSpec> Shortcut { get; init; } = [];
}

public enum LayerKind
{
    Linear, Conv2d, BatchNorm2d, Relu, Tanh, Gelu, Dropout, MaxPool2d, AvgPool2d, GlobalAvgPool2d, Flatten,
    Residual,
}

public sealed record DatasetSpec
{
    /// <summary>strokes, mnist, fashion-mnist, cifar10 or csv.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Folder of the set, or of such folders; csv: the training file. null: the default places.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>csv: the test file; null: none.</summary>
    public string? TestPath { get; init; }

    /// <summary>csv: the name of the label column.</summary>
    public string? Label { get; init; }

    /// <summary>csv: classification or regression.</summary>
    public string Task { get; init; } = "classification";

    /// <summary>First N training samples only; null: all.</summary>
    public int? Train { get; init; }

    /// <summary>Samples held out of the training set, chosen by the job's seed; 0: none.</summary>
    public required int Validation { get; init; }

    /// <summary>
    /// Subtract the training set's mean and divide by its deviation, per channel (csv: per column).
    /// </summary>
    public required bool Standardize { get; init; }

    public required AugmentSpec Augment { get; init; }
}

/// <summary>Random crop and flip of training images, keyed by sample and epoch, never by worker.</summary>
public sealed record AugmentSpec
{
    /// <summary>Pixels of zero padding before a random crop back to the image's size; 0: none.</summary>
    public int Crop { get; init; }

    /// <summary>Mirror left to right with probability one half.</summary>
    public bool Flip { get; init; }
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

public sealed record LearningRateSpec
{
    /// <summary>η₀, the rate that suits <see cref="ReferenceBatch"/>.</summary>
    public required double Base { get; init; }

    public required int ReferenceBatch { get; init; }
    public required ScalingRule Scaling { get; init; }

    /// <summary>Epochs of linear warm-up per step; fractions are allowed.</summary>
    public required double WarmupEpochs { get; init; }

    /// <summary>The rate warm-up starts from; null: η₀ when scaling raises the rate, otherwise 0.</summary>
    public double? WarmupStart { get; init; }

    public required ScheduleSpec Schedule { get; init; }
}

public enum ScalingRule { None, Linear, Sqrt, Legew, AdaScale }

public sealed record ScheduleSpec
{
    public required ScheduleKind Kind { get; init; }

    /// <summary>step, exponential: γ, the factor of each decay.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>step: decay every N epochs.</summary>
    public double EveryEpochs { get; init; } = 1;

    /// <summary>step: decay at these epochs instead of every N.</summary>
    public IReadOnlyList<double>? Milestones { get; init; }

    /// <summary>inverse-time: α of η₀/(1+αt), t in epochs.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>polynomial: the exponent.</summary>
    public double Power { get; init; } = 1;

    /// <summary>polynomial, cosine: the rate at the end.</summary>
    public double MinimumRate { get; init; }

    /// <summary>one-cycle: share of the run spent rising.</summary>
    public double RiseFraction { get; init; } = 0.3;

    /// <summary>one-cycle: peak rate over first rate.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>one-cycle: first rate over last rate.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>reduce-on-plateau: factor of each reduction.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>reduce-on-plateau: epochs without improvement before a reduction.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>reduce-on-plateau: the smallest change that counts as improvement.</summary>
    public double MinDelta { get; init; }

    /// <summary>reduce-on-plateau: the metric watched.</summary>
    public StoppingMetric Metric { get; init; } = StoppingMetric.ValidationLoss;

    /// <summary>sweep: the rates of its first and last step, and how many it has.</summary>
    public double From { get; init; } = 1e-6;
    public double To { get; init; } = 10;
    public int Steps { get; init; } = 100;
}

public enum ScheduleKind
{
    Constant, Step, Exponential, InverseTime, Polynomial, Cosine, OneCycle, ReduceOnPlateau, Sweep,
}

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
