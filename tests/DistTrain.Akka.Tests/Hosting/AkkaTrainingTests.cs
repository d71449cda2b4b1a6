using DistTrain.Akka.Hosting;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Runtime.Actors;
using DistTrain.Runtime.Tests.Training;
using DistTrain.Runtime.Training;

namespace DistTrain.Akka.Tests.Hosting;

/// <summary>A run on one machine, on either host: the same bits.</summary>
public sealed class AkkaTrainingTests
{
    private const int Features = 4000;
    private const int Classes = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_run_on_Akka_has_the_bits_of_a_run_on_the_in_process_host(int workers)
    {
        await using var threads = new InProcessHost(TimeProvider.System);
        await using IActorHost akka = AkkaActorHost.Create();
        float[] expected = await TrainAsync(threads, workers: 2);
        float[] actual = await TrainAsync(akka, workers);
        actual.ShouldBe(expected);
        expected.ShouldContain(weight => weight != 0);
    }

    private static async Task<float[]> TrainAsync(IActorHost host, int workers)
    {
        var job = new JobSpec
        {
            Name = "toy",
            Model = new ModelSpec(),
            Dataset = new DatasetSpec
            {
                Name = "toy",
                Validation = 60,
                Standardize = false,
                Augment = new AugmentSpec { Crop = 1 },
            },
            Loss = new LossSpec { Kind = LossKind.CrossEntropy },
            Batch = new BatchSpec(32, 8),
            Epochs = 2,
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9 },
            LearningRate = new LearningRateSpec
            {
                Base = 0.5,
                ReferenceBatch = 32,
                Scaling = ScalingRule.None,
                WarmupEpochs = 0.5,
                Schedule = new ScheduleSpec { Kind = ScheduleKind.Cosine },
            },
            Aggregation = Aggregation.Coordinator,
            Workers = new WorkersSpec(1, 8),
            Threads = 1,
            Checkpoint = new CheckpointSpec(1, null, 3),
            MaxSkippedSteps = 3,
            Seed = 5,
        };
        using var dataset = new ToyDataset(Features, Classes, 101, 60, 100);
        var engine = new ToyEngine(Features, Classes);
        var model = new ModelPlan { Input = default, Outputs = Classes };
        using var state = new TrainingState(engine.LayoutOf(model), OptimizerFactory.Create(job.Optimizer));
        RunOutcome outcome = await TrainingSession.RunAsync(
            new SessionParts(
                job, dataset, model, engine, "cpu", workers, state, new TrainingProgress(), null,
                new Nobody()),
            host, TimeProvider.System, CancellationToken.None);
        outcome.Status.ShouldBe(RunStatus.Completed);
        return state.Parameters.Span.ToArray();
    }

    private sealed class Nobody : IRunObserver;
}
