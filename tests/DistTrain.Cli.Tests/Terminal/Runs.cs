using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Tests.Terminal;

/// <summary>A small run to show: 2 epochs of 4 steps, 8 samples each.</summary>
internal static class Runs
{
    public static readonly JobSpec Job = new()
    {
        Name = "mnist-mlp",
        Model = new ModelSpec { Preset = "mlp" },
        Dataset = new DatasetSpec
        {
            Name = "mnist",
            Validation = 10,
            Standardize = true,
            Augment = new AugmentSpec(),
        },
        Loss = new LossSpec { Kind = LossKind.CrossEntropy },
        Batch = new BatchSpec(8, 2),
        Epochs = 2,
        Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd },
        LearningRate = new LearningRateSpec
        {
            Base = 0.05,
            ReferenceBatch = 8,
            Scaling = ScalingRule.None,
            WarmupEpochs = 0,
            Schedule = new ScheduleSpec { Kind = ScheduleKind.Constant },
        },
        Aggregation = Aggregation.Coordinator,
        Workers = new WorkersSpec(1, 1),
        Threads = 1,
        Checkpoint = new CheckpointSpec(1, null, 3),
        MaxSkippedSteps = 3,
        Seed = 1,
    };

    public static RunStarted Started(JobSpec? job = null) =>
        new(job ?? Job, 1, 4, 32, 10, 535818, "libtorch 1.13.1 on cpu", null);

    public static StepMetrics Step(long step, double loss = 0.5, double? accuracy = 0.75) =>
        new(step, 1 + (int)(step / 4), loss, accuracy, 0.05, 8, 1, false, TimeSpan.FromMilliseconds(1));

    public static EpochMetrics Epoch(int epoch, bool improved = true) => new(
        epoch, 4 * epoch, new EvaluationMetrics(0.0832, 0.9741, 32), new EvaluationMetrics(0.0901, 0.972, 10),
        0.0421, TimeSpan.FromSeconds(12.3), 21430, improved);
}
