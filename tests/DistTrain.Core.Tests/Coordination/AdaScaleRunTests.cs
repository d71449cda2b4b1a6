using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// A run under AdaScale from end to end: the rate follows the gain, steps count by it, and so does the end.
/// </summary>
public sealed class AdaScaleRunTests
{
    [Theory]
    [InlineData(0.0, 10, 2)]
    [InlineData(0.5, 17, 4)]
    public void Steps_are_worth_their_gain_and_training_ends_by_that_count(
        double square, int steps, int epochs)
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: 1, epochs: 2);
        job = job with
        {
            LearningRate = job.LearningRate with { Scaling = ScalingRule.AdaScale, ReferenceBatch = 4 },
        };
        // One shard tells nothing of the noise, so what is known of it stays.
        var noise = new NoiseScaleState { Steps = 1, TraceAverage = 1, SquareAverage = square };
        double gain = AdaScaleGain.Of(noise, 4, 8);
        var machine = new CoordinatorMachine(
            job, TestJobs.Plan(job, train: 40), new TrainingProgress { NoiseScale = noise },
            initialWorkers: 1);
        List<Effect> all = Play(machine);

        all.OfType<ApplyUpdate>().Select(update => update.LearningRate)
            .ShouldBe(Enumerable.Repeat(gain * 0.125, steps));
        machine.Progress.ScaleInvariantSteps.ShouldBe(gain * steps, 1e-9);
        machine.Progress.ScaleInvariantSteps.ShouldBeGreaterThanOrEqualTo(20);
        RunOutcome outcome = all.OfType<Finish>().ShouldHaveSingleItem().Outcome;
        (outcome.Status, outcome.Progress.CompletedEpochs).ShouldBe((RunStatus.Completed, epochs));
        outcome.Reason.ShouldBe("all epochs done");
        outcome.Progress.History.Select(epoch => epoch.Step)
            .ShouldBe(Enumerable.Range(1, epochs).Select(epoch => Math.Min(5L * epoch, steps)));
    }

    [Fact]
    public void Under_every_other_rule_a_step_is_one()
    {
        JobSpec job = TestJobs.Job(batch: 8, shards: 1, epochs: 2);
        var machine = new CoordinatorMachine(
            job, TestJobs.Plan(job, train: 40), new TrainingProgress(), initialWorkers: 1);
        Play(machine);
        machine.Progress.ScaleInvariantSteps.ShouldBe(machine.Progress.AppliedSteps);
    }

    /// <summary>One worker that does as it is told, up to the end.</summary>
    private static List<Effect> Play(CoordinatorMachine machine)
    {
        List<Effect> all = [];
        Tell(new WorkerJoined(ScriptedRun.A, 1));
        for (int i = 0; i < all.Count; i++)
        {
            switch (all[i])
            {
                case Send { Message: ComputeGradients order }:
                    Tell(new SubtreeReady(
                        ScriptedRun.A, order.Step, new ShardRange(0, 1), 0, [new ShardResult(8, 4, 8)]));
                    break;
                case ReduceGradients reduce:
                    Tell(new GradientsReduced(reduce.Step, 1));
                    break;
                case ApplyUpdate update:
                    Tell(new UpdateApplied(update.Step));
                    break;
                case SaveCheckpoint:
                    Tell(new CheckpointFinished(null));
                    break;
                default:
                    break;
            }
        }
        return all;

        void Tell(Core.Hosting.IMessage message)
        {
            List<Effect> effects = [];
            machine.Handle(message, TimeSpan.Zero, effects);
            all.AddRange(effects);
        }
    }
}
