using DistTrain.Core.Jobs;
using static DistTrain.Core.Tests.Jobs.JobTexts;

namespace DistTrain.Core.Tests.Jobs;

public sealed class JobIdentityTests
{
    [Theory]
    [InlineData("name=other")]
    [InlineData("workers.max=3")]
    [InlineData("workers.min=2")]
    [InlineData("checkpoint.keep=9")]
    [InlineData("checkpoint.everySteps=null")]
    [InlineData("maxSkippedSteps=1")]
    [InlineData("dataset.path=elsewhere")]
    public void Fields_that_cannot_change_the_bits_make_no_difference(string assignment)
    {
        var (a, b) = (Read(Full), Read(Full, JobOverride.Set(assignment)));
        JobWriter.Write(b).ShouldNotBe(JobWriter.Write(a));
        JobIdentity.Differences(a, b).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("seed=2", "seed: 1 became 2")]
    [InlineData("threads=2", "threads: 1 became 2")]
    [InlineData("batch.shards=16", "batch.shards: 8 became 16")]
    [InlineData("clipNorm=null", "clipNorm: 5 became nothing")]
    [InlineData("epochs=6", "epochs: 5 became 6")]
    [InlineData("model.hidden=512", "model.hidden: [512, 256] became [512]")]
    [InlineData("optimizer.nesterov=false", "optimizer.nesterov: true became false")]
    public void Fields_that_can_are_named(string assignment, string difference)
    {
        var (a, b) = (Read(Full), Read(Full, JobOverride.Set(assignment)));
        JobIdentity.Differences(a, b).ShouldHaveSingleItem().ToString().ShouldBe(difference);
    }

    [Fact]
    public void More_epochs_make_no_difference_where_the_schedule_does_not_look_at_the_end()
    {
        const string constant = """{"learningRate":{"schedule":{"name":"constant"}}}""";
        JobIdentity.Differences(Read(constant), Read(constant, JobOverride.Set("epochs=50"))).ShouldBeEmpty();
    }
}
