using static DistTrain.Telemetry.Catalogue.Labels;

namespace DistTrain.Telemetry.Catalogue;

/// <summary>
/// What a run tells, in <c>disttrain train</c> and at a coordinator; gone when the run ends.
/// </summary>
internal static class RunMetrics
{
    public static readonly MetricDefinition StepDuration = Times(
        "disttrain.step.duration", "A whole step, from its first order to its commit.", Job);

    public static readonly MetricDefinition PhaseDuration = Times(
        "disttrain.step.phase.duration",
        "A step's phases, one after the other: compute (workers), reduce (sum and norm), update (optimizer).",
        Job, Phase);

    public static readonly MetricDefinition WorkerDuration = Times(
        "disttrain.worker.step.duration",
        "A worker's step: compute, exchange (orders, weights and gradients under way), waiting (for other "
        + "workers), update (sum and optimizer, the same for all); together they are the step.",
        Job, Worker, Part);

    public static readonly MetricDefinition Steps = Count(
        "disttrain.steps", "{step}", "Steps committed or skipped by this process.", Job);

    public static readonly MetricDefinition Skipped = Count(
        "disttrain.steps.skipped", "{step}", "Steps whose gradient was not finite.", Job);

    public static readonly MetricDefinition Samples = Count(
        "disttrain.samples", "{sample}", "Samples of those steps; its rate is samples/s.", Job);

    public static readonly MetricDefinition Reassigned = Count(
        "disttrain.shards.reassigned", "{shard}", "Shards given to another worker within a step.", Job);

    public static readonly MetricDefinition Loss = Value(
        "disttrain.loss", "",
        "Mean loss: of the last step's batch (train), of the last validation.", Job, Split);

    public static readonly MetricDefinition Accuracy = Value(
        "disttrain.accuracy", "1", "Share classified rightly, likewise; none for regression.", Job, Split);

    public static readonly MetricDefinition LearningRate = Value(
        "disttrain.learning_rate", "", "Rate of the last step.", Job);

    public static readonly MetricDefinition BatchSize = Value(
        "disttrain.batch.size", "{sample}", "Samples in the last step's global batch.", Job);

    public static readonly MetricDefinition NoiseScale = Value(
        "disttrain.noise_scale", "{sample}",
        "Gradient noise scale, smoothed: the critical batch it predicts.", Job);

    public static readonly MetricDefinition GradientNorm = Value(
        "disttrain.gradient.norm", "", "Euclidean norm of the last mean gradient, before clipping.", Job);

    public static readonly MetricDefinition Epoch = Value(
        "disttrain.epoch", "{epoch}", "Epoch of the last step, from 1.", Job);

    public static readonly MetricDefinition Progress = Value(
        "disttrain.progress", "1", "Share of the run's steps that are done.", Job);

    public static readonly MetricDefinition WorkerShards = Value(
        "disttrain.worker.shards", "{shard}", "Shards the worker is given of each step now.", Job, Worker);

    public static readonly MetricDefinition WorkerRate = Value(
        "disttrain.worker.throughput", "{sample}/s", "The worker's own samples per second, smoothed.",
        Job, Worker);

    public static readonly MetricDefinition WorkerSlow = Value(
        "disttrain.worker.slow", "", "1 while the others wait for this worker, else 0.", Job, Worker);

    public static readonly MetricDefinition Checkpoints = Count(
        "disttrain.checkpoints", "{checkpoint}", "Checkpoints written, and those that could not be.",
        Job, Outcome);

    public static readonly MetricDefinition CheckpointDuration = Pauses(
        "disttrain.checkpoint.duration", "Writing a checkpoint, whatever came of it.", Job);

    public static readonly MetricDefinition EvaluationDuration = Pauses(
        "disttrain.evaluation.duration", "An evaluation of the validation set.", Job);

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        StepDuration, PhaseDuration, WorkerDuration, Steps, Skipped, Samples, Reassigned, Loss, Accuracy,
        LearningRate, BatchSize, NoiseScale, GradientNorm, Epoch, Progress, WorkerShards, WorkerRate,
        WorkerSlow, Checkpoints, CheckpointDuration, EvaluationDuration,
    ];

    private static MetricDefinition Times(string name, string meaning, params string[] labels)
        => new(name, MetricKind.Histogram, "s", meaning, labels) { Buckets = Buckets.Step };

    private static MetricDefinition Pauses(string name, string meaning, params string[] labels)
        => new(name, MetricKind.Histogram, "s", meaning, labels) { Buckets = Buckets.Pause };

    private static MetricDefinition Count(string name, string unit, string meaning, params string[] labels)
        => new(name, MetricKind.Counter, unit, meaning, labels);

    private static MetricDefinition Value(string name, string unit, string meaning, params string[] labels)
        => new(name, MetricKind.Gauge, unit, meaning, labels);
}
