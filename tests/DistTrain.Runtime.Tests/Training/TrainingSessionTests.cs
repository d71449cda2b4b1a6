using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Runtime.Training;

namespace DistTrain.Runtime.Tests.Training;

public sealed class TrainingSessionTests
{
    // Wide enough that the update is divided among the workers' threads.
    private const int Features = 4000;
    private const int Classes = 20;

    public static TheoryData<OptimizerKind, double> Optimizers
        => new() { { OptimizerKind.Sgd, 0.5 }, { OptimizerKind.Lars, 0.5 }, { OptimizerKind.Lamb, 0.05 } };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public async Task Any_number_of_workers_gives_the_same_bits(OptimizerKind optimizer, double rate)
    {
        JobSpec job = Job(rate, optimizer);
        Result reference = await RunAsync(job, workers: 1);
        reference.Outcome.Status.ShouldBe(RunStatus.Completed);
        reference.Outcome.Test!.Samples.ShouldBe(1100);
        reference.Outcome.Progress.NoiseScale.Steps.ShouldBe(8);
        reference.Outcome.Progress.NoiseScale.RunScale()!.Value.ShouldBeGreaterThan(0);
        foreach (int workers in (int[])[2, 3, 5, 8])
        {
            Result result = await RunAsync(job, workers);
            result.Weights.ShouldBe(reference.Weights, $"{workers} workers");
            result.Outcome.Test.ShouldBe(reference.Outcome.Test);
            result.Outcome.Final!.Train.ShouldBe(reference.Outcome.Final!.Train);
            result.Outcome.Progress.NoiseScale.ShouldBe(reference.Outcome.Progress.NoiseScale);
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public async Task It_learns(OptimizerKind optimizer, double rate)
    {
        Result result = await RunAsync(Job(rate, optimizer) with { Epochs = 4 }, workers: 2);
        double[] losses = [.. result.Outcome.Progress.History.Select(epoch => epoch.Train.Loss)];
        losses.ShouldBe([.. losses.OrderDescending()], "the loss falls");
        losses[^1].ShouldBeLessThan(losses[0] / 2);
        result.Outcome.Test!.Accuracy!.Value.ShouldBeGreaterThan(0.9);
        result.Outcome.Final!.Validation!.Samples.ShouldBe(60);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task A_run_interrupted_and_resumed_with_other_workers_ends_in_the_same_bits(long stopAfter)
    {
        JobSpec job = Job() with
        {
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.AdamW, WeightDecay = 0.01 },
        };
        Result reference = await RunAsync(job, workers: 2);
        using var state = NewState(job);
        var storage = new MemoryStorage();
        RunOutcome first = await RunAsync(job, 3, state, new TrainingProgress(), storage, stopAfter);
        first.Status.ShouldBe(RunStatus.Interrupted);
        first.Progress.Step.ShouldBeGreaterThanOrEqualTo(stopAfter);
        RunOutcome second = await RunAsync(job, 1, state, storage.Progress!, storage);
        second.Status.ShouldBe(RunStatus.Completed);
        second.Progress.Step.ShouldBe(reference.Outcome.Progress.Step);
        Snapshot(state).ShouldBe(reference.Weights);
        second.Progress.NoiseScale.ShouldBe(reference.Outcome.Progress.NoiseScale);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no space left")]
    public async Task Who_watches_is_told_of_every_checkpoint(string? error)
    {
        JobSpec job = Job();
        using var state = NewState(job);
        var watcher = new Watcher(null, null);
        var storage = new MemoryStorage { Error = error };
        await TrainingSession.RunAsync(
            Parts(job, 1, state, new TrainingProgress(), storage, new ToyEngine(Features, Classes), watcher),
            TimeProvider.System, CancellationToken.None);

        watcher.Checkpoints.Count.ShouldBe(storage.Saves);
        watcher.Checkpoints.Count.ShouldBeGreaterThan(0);
        watcher.Checkpoints.ShouldAllBe(one => one.Error == error && one.Elapsed >= TimeSpan.Zero);
    }

    [Fact]
    public async Task Early_stopping_brings_back_the_best_weights()
    {
        // At this rate the loss only grows after the first epoch.
        JobSpec job = Job(rate: 40) with
        {
            Epochs = 10,
            EarlyStopping = new EarlyStoppingSpec
            {
                Metric = StoppingMetric.TrainAccuracy,
                Patience = 2,
                MinDelta = 2,
            },
        };
        using var state = NewState(job);
        var storage = new MemoryStorage();
        RunOutcome outcome = await RunAsync(job, 2, state, new TrainingProgress(), storage);
        outcome.Status.ShouldBe(RunStatus.StoppedEarly);
        outcome.Progress.CompletedEpochs.ShouldBe(3);
        outcome.Final!.Epoch.ShouldBe(1);
        Snapshot(state).ShouldBe(storage.Best);
    }

    [Fact]
    public async Task An_engine_error_ends_the_run_with_its_message()
    {
        JobSpec job = Job();
        using var state = NewState(job);
        var failing = new ToyEngine(Features, Classes) { FailAt = 9 };
        RunOutcome outcome = await TrainingSession.RunAsync(
            Parts(job, 2, state, new TrainingProgress(), null, failing, new Watcher(null, null)),
            TimeProvider.System, CancellationToken.None);
        outcome.Status.ShouldBe(RunStatus.Failed);
        outcome.Reason.ShouldContain("the toy engine was told to fail");
    }

    [Fact]
    public async Task A_device_that_fails_ends_a_run_in_one_process_with_what_it_said()
    {
        JobSpec job = Job();
        using var state = NewState(job);
        var failing = new ToyEngine(Features, Classes)
        {
            FailAt = 9,
            Fault = () => new DeviceFaultException("cuda:0 has failed"),
        };
        Task<RunOutcome> run = TrainingSession.RunAsync(
            Parts(job, 2, state, new TrainingProgress(), null, failing, new Watcher(null, null)),
            TimeProvider.System, CancellationToken.None);
        (await Should.ThrowAsync<DeviceFaultException>(run)).Message.ShouldBe("cuda:0 has failed");
    }

    [Fact]
    public async Task Steps_and_epochs_are_told_in_order()
    {
        JobSpec job = Job();
        using var state = NewState(job);
        var watcher = new Watcher(null, null);
        await TrainingSession.RunAsync(
            Parts(job, 2, state, new TrainingProgress(), null, new ToyEngine(Features, Classes), watcher),
            TimeProvider.System, CancellationToken.None);
        watcher.Steps.Select(step => step.Step).ShouldBe(Enumerable.Range(0, 8).Select(step => (long)step));
        watcher.Steps.Select(step => step.Epoch).ShouldBe([1, 1, 1, 1, 2, 2, 2, 2]);
        watcher.Steps.Select(step => step.Samples).ShouldBe([32, 32, 32, 5, 32, 32, 32, 5]);
        watcher.Epochs.ShouldBe(2);
    }

    [Fact]
    public async Task Steps_say_where_their_time_went()
    {
        JobSpec job = Job() with { Epochs = 1 };
        using TrainingState state = NewState(job);
        var clock = new HandClock();
        var watcher = new Watcher(null, null);
        var engine = new ToyEngine(Features, Classes) { OnGradient = () => clock.Advance(Milliseconds(10)) };
        await TrainingSession.RunAsync(
            Parts(job, 1, state, new TrainingProgress(), null, engine, watcher), clock,
            CancellationToken.None);
        StepTimes times = watcher.Steps[1].Times!;
        (times.Begin, times.Computing, times.Reducing, times.Updating).ShouldBe(
            (Milliseconds(80), Milliseconds(80), TimeSpan.Zero, TimeSpan.Zero), "the eight shards'");
        WorkerTimes worker = times.Workers.ShouldHaveSingleItem();
        (worker.Worker, worker.Compute, worker.Exchange, worker.Waiting)
            .ShouldBe(("worker-0", Milliseconds(80), TimeSpan.Zero, TimeSpan.Zero));
        worker.Shards.ShouldBe(Enumerable.Range(0, 8).Select(
            shard => new ShardTimes(shard, Milliseconds(10 * shard), Milliseconds(10))));
    }

    [Fact]
    public async Task The_worker_the_other_waits_for_is_told_from_its_times()
    {
        JobSpec job = Job() with { Epochs = 1 };
        using TrainingState state = NewState(job);
        var clock = new HandClock();
        var watcher = new Watcher(null, null);
        // The clock moves while the second worker computes, and then alone.
        var engine = new ToyEngine(Features, Classes)
        {
            OnGradient = () => clock.Advance(Milliseconds(
                Thread.CurrentThread.Name == "worker-1" ? 10 : 0)),
        };
        await TrainingSession.RunAsync(
            Parts(job, 2, state, new TrainingProgress(), null, engine, watcher), clock,
            CancellationToken.None);
        StepMetrics first = watcher.Steps[0];
        WorkerTimes slow = first.Times!.Workers[1];
        (slow.Worker, slow.Compute, slow.Waiting).ShouldBe(("worker-1", Milliseconds(40), TimeSpan.Zero));
        WorkerTimes other = first.Times.Workers[0];
        (other.Answered + other.Waiting).ShouldBe(first.Elapsed);
        slow.Answered.ShouldBe(first.Elapsed);
    }

    private static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    internal sealed record Result(RunOutcome Outcome, float[] Weights);

    internal static JobSpec Job(double rate = 0.5, OptimizerKind optimizer = OptimizerKind.Sgd) => new()
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
        Optimizer = new OptimizerSpec { Kind = optimizer, Momentum = 0.9, TrustCoefficient = 0.05 },
        LearningRate = new LearningRateSpec
        {
            Base = rate,
            ReferenceBatch = 32,
            Scaling = ScalingRule.None,
            WarmupEpochs = 0.5,
            Schedule = new ScheduleSpec { Kind = ScheduleKind.Cosine },
        },
        ClipNorm = 5,
        Aggregation = Aggregation.Coordinator,
        Workers = new WorkersSpec(1, 8),
        Threads = 1,
        Checkpoint = new CheckpointSpec(1, null, 3),
        MaxSkippedSteps = 3,
        Seed = 5,
    };

    internal static TrainingState NewState(JobSpec job)
        => new(new ToyEngine(Features, Classes).LayoutOf(null!), OptimizerFactory.Create(job.Optimizer));

    internal static float[] Snapshot(TrainingState state) => state.Parameters.Span.ToArray();

    private static async Task<Result> RunAsync(JobSpec job, int workers)
    {
        using TrainingState state = NewState(job);
        RunOutcome outcome = await RunAsync(job, workers, state, new TrainingProgress(), null);
        return new Result(outcome, Snapshot(state));
    }

    private static async Task<RunOutcome> RunAsync(
        JobSpec job, int workers, TrainingState state, TrainingProgress progress, IRunStorage? storage,
        long? stopAfter = null)
    {
        using var interrupt = new CancellationTokenSource();
        var engine = new ToyEngine(Features, Classes);
        var watcher = new Watcher(stopAfter, interrupt);
        return await TrainingSession.RunAsync(
            Parts(job, workers, state, progress, storage, engine, watcher), TimeProvider.System,
            interrupt.Token);
    }

    internal static SessionParts Parts(
        JobSpec job, int workers, TrainingState state, TrainingProgress progress, IRunStorage? storage,
        ToyEngine engine, IRunObserver observer)
        => new(job, new ToyDataset(Features, Classes, 101, 60, 1100),
            new ModelPlan { Input = default, Outputs = Classes }, engine, "cpu", workers, state, progress,
            storage, observer);
}
