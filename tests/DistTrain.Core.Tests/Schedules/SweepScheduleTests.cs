using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;

namespace DistTrain.Core.Tests.Schedules;

public sealed class SweepScheduleTests
{
    private static readonly PlateauState Fresh = new();

    [Fact]
    public void A_sweep_goes_from_its_first_rate_to_its_last_in_equal_factors()
    {
        ISchedule sweep = OfSixSteps();
        for (int step = 0; step < 6; step++)
            sweep.At(step, Fresh).ShouldBe(1e-4 * Math.Pow(10, step), 1e-12 * Math.Pow(10, step));
    }

    [Fact]
    public void A_sweep_stays_at_its_last_rate_beyond_its_end()
        => OfSixSteps().At(40, Fresh).ShouldBe(10, 1e-9);

    [Fact]
    public void A_sweep_has_no_warm_up() => OfSixSteps().IsItsOwnWarmup.ShouldBeTrue();

    [Fact]
    public void A_job_gives_a_sweep_its_ends_and_its_length()
    {
        const string Json = """
            { "learningRate": { "schedule": { "name": "sweep", "from": 1e-5, "to": 2, "steps": 40 } } }
            """;
        ScheduleSpec schedule = JobReader.Read(Json, "job.json", [], 1).LearningRate.Schedule;
        schedule.Kind.ShouldBe(ScheduleKind.Sweep);
        (schedule.From, schedule.To, schedule.Steps).ShouldBe((1e-5, 2, 40));
    }

    /// <summary>The peak, which base and scaling lead to, and the run's length must not show.</summary>
    private static ISchedule OfSixSteps() => ScheduleCatalogue.Create(
        new ScheduleSpec { Kind = ScheduleKind.Sweep, From = 1e-4, To = 10, Steps = 6 },
        new ScheduleFrame(0.05, 2, WarmupSteps: 3, TotalSteps: 12));
}
