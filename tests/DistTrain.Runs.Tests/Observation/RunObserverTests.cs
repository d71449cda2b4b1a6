using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.TensorBoard;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Tests.TensorBoard;

namespace DistTrain.Runs.Tests.Observation;

public sealed class RunObserverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_recorded_in_both_files()
    {
        (List<EpochMetrics> epochs, List<StepMetrics> steps) = FakeRun.Make(6, 0);
        var notices = new List<string>();
        using (MetricsLog metrics = MetricsLog.Create(_folder["metrics.jsonl"]))
        using (var events = TensorBoardWriter.Create(_folder.Root, new FixedTime(1e9), "h"))
        {
            IRunObserver observer = new RunObserver(metrics, events, notices.Add);
            observer.OnStarted(
                new RunStarted(Job(6), 2, FakeRun.StepsPerEpoch, 55_000, 5_000, 1000, "none", null));
            foreach (StepMetrics step in steps)
            {
                observer.OnStep(step);
            }

            epochs.ForEach(observer.OnEpoch);
        }

        notices.ShouldBeEmpty();
        File.ReadLines(_folder["metrics.jsonl"]).Count().ShouldBe(steps.Count + epochs.Count);

        // 1,290 steps: every second one; the version comes first.
        EventFile.Read(Directory.GetFiles(_folder.Root, "events*").Single())
            .Count.ShouldBe(1 + steps.Count / 2 + 6);
    }

    private static JobSpec Job(int epochs) => new()
    {
        Name = "x",
        Model = new ModelSpec { Preset = "softmax" },
        Dataset = new DatasetSpec
        {
            Name = "strokes",
            Validation = 0,
            Standardize = true,
            Augment = new AugmentSpec()
        },
        Loss = new LossSpec { Kind = LossKind.CrossEntropy },
        Batch = new BatchSpec(256, 8),
        Epochs = epochs,
        Optimizer = null!,
        LearningRate = new LearningRateSpec
        {
            Base = 0.1,
            ReferenceBatch = 256,
            Scaling = ScalingRule.None,
            WarmupEpochs = 0,
            Schedule = new ScheduleSpec { Kind = ScheduleKind.Constant },
        },
        Aggregation = Aggregation.Coordinator,
        Workers = new WorkersSpec(1, 2),
        Threads = 1,
        Checkpoint = new CheckpointSpec(1, null, 3),
        MaxSkippedSteps = 3,
        Seed = 1,
    };
}
