using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class BatchScheduleJobTests
{
    [Fact]
    public void Steps_and_grow_are_read_with_what_they_need()
    {
        BatchScheduleSpec steps = Of("""{ "name": "steps", "milestones": [1, 3], "sizes": [128, 32] }""");
        steps.Milestones.ShouldBe([1, 3]);
        steps.Sizes.ShouldBe([128, 32]);
        BatchScheduleSpec grow = Of(
            """{ "name": "grow", "milestones": [2], "most": 999, "rescale": true }""");
        (grow.Factor, grow.Most, grow.Rescale).ShouldBe((2.0, 999, true));
        Read("{}").Batch.Schedule.Kind.ShouldBe(BatchScheduleKind.Constant);
    }

    [Theory]
    [InlineData("""{ "name": "grow" }""", "milestones: is missing")]
    [InlineData("""{ "name": "steps", "milestones": [1, 2], "sizes": [128] }""", "1 size for 2 milestones")]
    [InlineData("""{ "name": "steps", "milestones": [1] }""", "0 sizes for 1 milestone")]
    [InlineData("""{ "name": "steps", "milestones": [1], "sizes": [7] }""", "7 is less than batch.shards, 8")]
    [InlineData("""{ "name": "grow", "milestones": [1], "most": 63 }""", "63 is less than batch.global, 64")]
    [InlineData("""{ "name": "grow", "milestones": [2, 1] }""", "is not a list of rising epochs")]
    [InlineData("""{ "name": "grow", "milestones": [0] }""", "0 is not a whole number from 1 to 1000000")]
    [InlineData("""{ "name": "grow", "milestones": [1], "factor": 1 }""", "1 is not a number above 1")]
    [InlineData("""{ "name": "grow", "milestones": [1], "sizes": [9] }""", "only with batch.schedule.name")]
    [InlineData("""{ "milestones": [1] }""", "only with batch.schedule.name")]
    public void What_does_not_fit_is_refused_in_a_line(string schedule, string problem)
        => Problem($$"""{ "batch": { "shards": 8, "schedule": {{schedule}} } }""").ShouldContain(problem);

    [Fact]
    public void A_change_after_the_end_is_a_warning()
        => Warnings("""{ "epochs": 2, "batch": { "schedule": { "name": "grow", "milestones": [2] } } }""")
            .ShouldContain("job.json:1: batch.schedule.milestones: 2 is never reached; epochs is 2");

    [Fact]
    public void Shards_by_default_are_no_more_than_the_smallest_batch_can_fill()
        => JobReader.Read(
            """
            { "batch": { "global": 64, "schedule": { "name": "steps", "milestones": [1], "sizes": [3] } } }
            """,
            "job.json", [], workers: 8).Batch.Shards.ShouldBe(2);

    private static BatchScheduleSpec Of(string schedule)
        => Read($$"""{ "batch": { "shards": 8, "schedule": {{schedule}} } }""").Batch.Schedule;
}
