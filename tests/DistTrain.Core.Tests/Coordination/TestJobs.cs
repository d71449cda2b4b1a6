using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>Small jobs for driving the machines by hand.</summary>
internal static class TestJobs
{
    public static JobSpec Job(
        int batch = 8, int shards = 4, int epochs = 2, int minWorkers = 1, EarlyStoppingSpec? stopping = null,
        CheckpointSpec? checkpoint = null, int maxSkips = 3) => new()
        {
            Name = "test",
            Model = new ModelSpec { Preset = "softmax" },
            Dataset = new DatasetSpec
            {
                Name = "strokes",
                Validation = 0,
                Standardize = true,
                Augment = new AugmentSpec(),
            },
            Loss = new LossSpec { Kind = LossKind.CrossEntropy },
            Batch = new BatchSpec(batch, shards),
            Epochs = epochs,
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd },
            LearningRate = new LearningRateSpec
            {
                Base = 0.125,
                ReferenceBatch = batch,
                Scaling = ScalingRule.None,
                WarmupEpochs = 0,
                Schedule = new ScheduleSpec { Kind = ScheduleKind.Constant },
            },
            EarlyStopping = stopping,
            Aggregation = Aggregation.Coordinator,
            Workers = new WorkersSpec(minWorkers, 64),
            Threads = 1,
            Checkpoint = checkpoint ?? new CheckpointSpec(1, null, 3),
            MaxSkippedSteps = maxSkips,
            Seed = 1,
        };

    public static TrainingPlan Plan(JobSpec job, int train = 20, int validation = 0, int test = 0)
        => new(job, train, validation, test);
}
