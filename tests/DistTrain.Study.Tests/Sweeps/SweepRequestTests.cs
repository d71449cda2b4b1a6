using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Study.Sweeps;

namespace DistTrain.Study.Tests.Sweeps;

public sealed class SweepRequestTests
{
    [Fact]
    public void A_sweeps_job_sets_the_rate_itself_and_is_one_that_a_reader_accepts()
    {
        const string Json = """
            { "batch": { "global": 128 }, "earlyStopping": { "patience": 2 },
              "learningRate": { "scaling": "linear", "warmupEpochs": 2,
                "schedule": { "name": "reduce-on-plateau" } } }
            """;
        JobSpec given = JobReader.Read(Json, "job.json", [], 2);
        JobSpec sweep = new SweepRequest(1e-5, 1, 200).JobFrom(given);
        sweep.MaxSteps.ShouldBe(200);
        sweep.Model.ShouldBe(given.Model);
        sweep.Batch.Global.ShouldBe(128);
        JobSpec read = JobReader.Read(JobWriter.Write(sweep), "sweep.json", [], 2);
        read.LearningRate.Scaling.ShouldBe(ScalingRule.None);
        read.LearningRate.WarmupEpochs.ShouldBe(0);
        read.LearningRate.Schedule.Kind.ShouldBe(ScheduleKind.Sweep);
        read.EarlyStopping.ShouldBeNull();
    }

    [Fact]
    public void A_long_name_stays_a_name()
    {
        JobSpec given = JobReader.Read($$"""{ "name": "{{new string('x', 64)}}" }""", "job.json", [], 1);
        new SweepRequest(1e-5, 1, 20).JobFrom(given).Name.Length.ShouldBe(64);
    }

    [Theory]
    [InlineData(0, 1, 100, "--from")]
    [InlineData(double.NaN, 1, 100, "--from")]
    [InlineData(1, 1, 100, "--to")]
    [InlineData(1e-6, double.PositiveInfinity, 100, "--to")]
    [InlineData(1e-6, 1, 9, "--steps")]
    public void What_is_out_of_place_is_named(double from, double to, int steps, string flag)
        => Should.Throw<UserFaultException>(() => new SweepRequest(from, to, steps).Check())
            .Problems.ShouldHaveSingleItem().ShouldStartWith(flag);
}
