using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Jobs;
using DistTrain.Core.State;
using DistTrain.Runtime.Training;
using static DistTrain.Runtime.Tests.Training.TrainingSessionTests;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>
/// Runs whose first gradients overflow: the engine makes infinities of scaled gradients as float16 does.
/// </summary>
public sealed class ScaledSessionTests
{
    private const int Features = 4000;
    private const int Classes = 20;

    /// <summary>
    /// Without scaling no gradient of this data comes near it; with a scale of 2²⁰ for 32 samples most do.
    /// </summary>
    private const float Largest = 4096;

    [Fact]
    public async Task A_run_that_overflows_at_first_finds_its_scale_and_ends_in_the_same_bits_on_any_workers()
    {
        (RunOutcome reference, float[] weights, Watcher watcher) = await RunAsync(workers: 1);
        reference.Status.ShouldBe(RunStatus.Completed);
        reference.Progress.SkippedSteps.ShouldBeInRange(4, 60, "it overflows at first, and then no more");
        reference.Progress.LossScale!.Scale.ShouldBeLessThan(1 << 20);
        watcher.Steps[0].ShouldSatisfyAllConditions(
            step => step.Skipped.ShouldBeTrue(), step => step.LossScale.ShouldBe(1 << 20));
        watcher.Steps.Count(step => !step.Skipped).ShouldBeGreaterThan(4);
        foreach (int workers in (int[])[2, 3, 8])
        {
            (RunOutcome outcome, float[] bits, Watcher watched) = await RunAsync(workers);
            bits.ShouldBe(weights, $"{workers} workers");
            outcome.Progress.LossScale.ShouldBe(reference.Progress.LossScale);
            watched.Steps.Select(step => (step.LossScale, step.Skipped))
                .ShouldBe(watcher.Steps.Select(step => (step.LossScale, step.Skipped)));
        }
    }

    [Fact]
    public async Task Steps_that_do_not_overflow_have_the_bits_of_a_run_that_scales_nothing()
    {
        JobSpec scaled = Job() with { LossScaling = new LossScalingSpec { Initial = 32, Growth = 1 } };
        (RunOutcome outcome, float[] weights, _) =
            await RunAsync(2, scaled with { Precision = Precision.Fp16 });
        outcome.Progress.SkippedSteps.ShouldBe(0);
        (_, float[] plain, _) = await RunAsync(2, scaled);
        weights.ShouldBe(plain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(13)]
    public async Task A_resumed_run_goes_on_with_the_scale_it_had(long stopAfter)
    {
        (RunOutcome reference, float[] weights, _) = await RunAsync(workers: 2);
        using TrainingState state = NewState(Job());
        var storage = new MemoryStorage();
        RunOutcome first = await RunAsync(Scaled(), 3, state, new TrainingProgress(), storage, stopAfter);
        first.Status.ShouldBe(RunStatus.Interrupted);
        RunOutcome second = await RunAsync(Scaled(), 1, state, storage.Progress!, storage);
        second.Status.ShouldBe(RunStatus.Completed);
        Snapshot(state).ShouldBe(weights);
        second.Progress.LossScale.ShouldBe(reference.Progress.LossScale);
    }

    private static JobSpec Scaled() => Job() with
    {
        Precision = Precision.Fp16,
        LossScaling = new LossScalingSpec { Initial = 1 << 20, GrowthInterval = 3 },
        Epochs = 5,
    };

    private static async Task<(RunOutcome Outcome, float[] Weights, Watcher Watcher)> RunAsync(
        int workers, JobSpec? job = null)
    {
        using TrainingState state = NewState(Job());
        var watcher = new Watcher(null, null);
        RunOutcome outcome = await TrainingSession.RunAsync(
            Parts(job ?? Scaled(), workers, state, new TrainingProgress(), null, Engine(), watcher),
            TimeProvider.System, CancellationToken.None);
        return (outcome, Snapshot(state), watcher);
    }

    private static async Task<RunOutcome> RunAsync(
        JobSpec job, int workers, TrainingState state, TrainingProgress progress, IRunStorage storage,
        long? stopAfter = null)
    {
        using var interrupt = new CancellationTokenSource();
        return await TrainingSession.RunAsync(
            Parts(job, workers, state, progress, storage, Engine(), new Watcher(stopAfter, interrupt)),
            TimeProvider.System, interrupt.Token);
    }

    private static ToyEngine Engine() => new(Features, Classes) { Largest = Largest };
}
