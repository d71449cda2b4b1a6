using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;
using DistTrain.Core.Tests.Simulation.Model;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Sharding;

public sealed class BatchPhasesTests
{
    [Fact]
    public void Without_a_schedule_there_is_one_phase_without_an_end()
    {
        var phases = new BatchPhases(new BatchSpec(8, 4), trainingSamples: 20);
        phases.All.ShouldBe([new BatchPhase(0, 0, 8, 3)]);
        phases.StepsBefore(1_000_000).ShouldBe(3_000_000);
        phases.OfStep(long.MaxValue).ShouldBe(phases.All[0]);
    }

    [Fact]
    public void Sizes_begin_at_their_milestones_and_may_shrink()
    {
        var phases = new BatchPhases(Steps([1, 3], [20, 5]), trainingSamples: 20);
        phases.All.ShouldBe([new(0, 0, 8, 3), new(1, 3, 20, 1), new(3, 5, 5, 4)]);
        phases.StepsBefore(4).ShouldBe(9);
        phases.LargestBatch.ShouldBe(20);
        phases.EpochsBefore(7).ShouldBe(3.5);
    }

    [Fact]
    public void Growth_multiplies_at_each_milestone_up_to_its_most()
        => new BatchPhases(Grow([1, 2, 3], 1.5, most: 20), 1000).All.Select(phase => phase.GlobalBatch)
            .ShouldBe([8, 12, 18, 20]);

    [Fact]
    public void Growth_ends_at_the_training_set()
        => new BatchPhases(Grow([1, 2, 3], 1e6, most: null), 50).All.Select(phase => phase.GlobalBatch)
            .ShouldBe([8, 50, 50, 50]);

    [Fact]
    public void A_first_batch_above_the_training_set_never_shrinks_by_growing()
        => new BatchPhases(Grow([1], 2, most: null), 5).All.Select(phase => phase.GlobalBatch)
            .ShouldBe([8, 8]);

    [Fact]
    public void Steps_and_epochs_are_those_that_counting_finds() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>().Filter(numbers => numbers.Length >= 5),
        numbers => CountThrough([.. numbers.Select(number => number & 0x7FFF)])).QuickCheckThrowOnFailure();

    private static void CountThrough(int[] numbers)
    {
        (int m, int milestone) = (1 + numbers[0] % 60, 1 + numbers[1] % 3);
        BatchSpec batch = new(1 + numbers[2] % 20, 1)
        {
            Schedule = new()
            {
                Kind = BatchScheduleKind.Steps,
                Milestones = [milestone, milestone + 1],
                Sizes = [1 + numbers[3] % 80, 1 + numbers[4] % 20],
            },
        };
        var phases = new BatchPhases(batch, m);
        long step = 0;
        for (int epoch = 0; epoch < 7; epoch++)
        {
            phases.StepsBefore(epoch).ShouldBe(step);
            int size = SimCourse.BatchOf(batch, epoch, m);
            phases.OfEpoch(epoch).GlobalBatch.ShouldBe(size);
            long begin = step;
            for (int left = m; left > 0; left -= size, step++)
            {
                phases.OfStep(step).GlobalBatch.ShouldBe(size);
                ((int)phases.EpochsBefore(step)).ShouldBe(epoch);
            }
            phases.OfEpoch(epoch).StepsPerEpoch.ShouldBe((int)(step - begin));
        }
    }

    private static BatchSpec Steps(int[] milestones, int[] sizes) => new(8, 4)
    {
        Schedule = new() { Kind = BatchScheduleKind.Steps, Milestones = milestones, Sizes = sizes },
    };

    private static BatchSpec Grow(int[] milestones, double factor, int? most) => new(8, 4)
    {
        Schedule = new()
        {
            Kind = BatchScheduleKind.Grow,
            Milestones = milestones,
            Factor = factor,
            Most = most,
        },
    };
}
