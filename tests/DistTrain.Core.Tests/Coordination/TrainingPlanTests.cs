using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

public sealed class TrainingPlanTests
{
    private static readonly BatchScheduleSpec Changing = new()
    {
        Kind = BatchScheduleKind.Steps,
        Milestones = [1, 3],
        Sizes = [16, 5],
    };

    [Fact]
    public void Every_epoch_is_covered_once_whatever_its_batch()
    {
        TrainingPlan plan = Plan(Changing, epochs: 4);
        long step = 0;
        for (int epoch = 1; epoch <= 6; epoch++)
        {
            for (int position = 0; position < 20; step++)
            {
                BatchWindow window = plan.WindowOf(step);
                (window.Epoch, window.Start).ShouldBe((epoch, position));
                plan.SamplesBefore(step).ShouldBe((epoch - 1) * 20 + position);
                int next = position;
                for (int shard = 0; shard < plan.Shards; shard++)
                {
                    (int start, int count) = plan.SamplesOf(step, shard);
                    start.ShouldBe(next);
                    count.ShouldBeLessThanOrEqualTo(plan.LargestShard);
                    next += count;
                }
                position = next;
            }
        }
        plan.TotalSteps.ShouldBe(3 + 2 + 2 + 4);
    }

    [Fact]
    public void The_largest_shard_is_that_of_the_largest_batch()
        => Plan(Changing, epochs: 4).LargestShard.ShouldBe(4);

    [Theory]
    [InlineData(5L, 5, 2)]
    [InlineData(1L, 1, 1)]
    [InlineData(99L, 11, 4)]
    [InlineData(null, 11, 4)]
    public void The_most_steps_end_a_run_where_its_epochs_last_longer(long? most, long steps, int lastEpoch)
    {
        TrainingPlan plan = Plan(Changing, epochs: 4, job => job with { MaxSteps = most });
        plan.TotalSteps.ShouldBe(steps);
        plan.LastEpoch.ShouldBe(lastEpoch);
    }

    [Fact]
    public void Adascale_takes_at_most_the_steps_of_the_reference_batch_over_more_epochs_than_the_jobs()
    {
        TrainingPlan plan = Plan(new(), epochs: 4, job => job with
        {
            LearningRate = job.LearningRate with { Scaling = ScalingRule.AdaScale, ReferenceBatch = 2 },
        });
        plan.ReferenceSteps.ShouldBe(40);
        plan.TotalSteps.ShouldBe(40);
        plan.LastEpoch.ShouldBe(14, "three steps of eight an epoch");
    }

    private static TrainingPlan Plan(
        BatchScheduleSpec schedule, int epochs, Func<JobSpec, JobSpec>? change = null)
    {
        JobSpec job = TestJobs.Job(epochs: epochs);
        job = job with { Batch = job.Batch with { Schedule = schedule } };
        return TestJobs.Plan(change?.Invoke(job) ?? job, train: 20);
    }
}
