using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>maxSteps, validateEverySteps and target.</summary>
public sealed class RunLengthJobTests
{
    [Fact]
    public void They_are_read_and_off_by_default()
    {
        JobSpec job = Read("""{ "maxSteps": 30, "validateEverySteps": 7, "target": { "value": 0.9 } }""");
        job.MaxSteps.ShouldBe(30);
        job.ValidateEverySteps.ShouldBe(7);
        job.Target.ShouldBe(new TargetSpec(StoppingMetric.ValidationAccuracy, 0.9, Stop: true));
        JobSpec plain = Read("""{ "target": null }""");
        (plain.MaxSteps, plain.ValidateEverySteps, plain.Target).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("""{ "maxSteps": 0 }""", "maxSteps: 0 is not a whole number")]
    [InlineData("""{ "target": { "metric": "validation-loss" } }""", "target.value: is missing")]
    [InlineData("""{ "target": { "metric": "train.loss", "value": 1 } }""", "is not one of validation-acc")]
    [InlineData("""{ "target": { "value": 99 } }""", "99 is more than 1, which no accuracy is")]
    [InlineData(
        """{ "target": { "value": 0.9 }, "dataset": { "validation": 0 } }""", "needs a validation set")]
    [InlineData(
        """{ "validateEverySteps": 5, "dataset": { "validation": 0 } }""", "needs a validation set")]
    public void What_cannot_be_is_refused_in_a_line(string json, string problem)
        => Problem(json).ShouldContain(problem);

    [Theory]
    [InlineData("maxSteps=40", 0)]
    [InlineData("validateEverySteps=3", 0)]
    [InlineData("target={\"value\": 0.5}", 3)]
    public void Where_a_run_ends_is_no_difference_and_what_its_target_is_is(
        string assignment, int differences)
        => JobIdentity.Differences(Read(Full), Read(Full, JobOverride.Set(assignment))).Count
            .ShouldBe(differences);

    [Fact]
    public void When_a_target_is_looked_at_is_a_difference_too()
    {
        const string json = """{ "target": { "value": 0.9 } }""";
        JobIdentity.Differences(Read(json), Read(json, JobOverride.Set("validateEverySteps=3")))
            .ShouldHaveSingleItem().Path.ShouldBe("validateEverySteps");
    }
}
