using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;

namespace DistTrain.Core.Tests.Schedules;

public sealed class SweepScheduleTests
{
    private static readonly PlateauState Fresh = new();
    private static readonly ScheduleSpec Spec = new() { Kind = ScheduleKind.Sweep, From = 1e-4, To = 10 };

    [Fact]
    public void A_sweep_goes_from_its_first_rate_to_its_last_in_equal_factors()
    {
        ISchedule sweep = Over(steps: 6);
        for (int step = 0; step < 6; step++)
            sweep.At(step, Fresh).ShouldBe(1e-4 * Math.Pow(10, step), 1e-12 * Math.Pow(10, step));
    }

    [Fact]
    public void A_sweep_stays_at_its_last_rate_beyond_its_end()
        => Over(steps: 6).At(40, Fresh).ShouldBe(10, 1e-9);

    [Fact]
    public void A_sweep_of_one_step_has_its_first_rate() => Over(steps: 1).At(0, Fresh).ShouldBe(1e-4);

    [Fact]
    public void A_sweep_has_no_warm_up() => Over(steps: 6).IsItsOwnWarmup.ShouldBeTrue();

    [Fact]
    public void A_job_gives_a_sweep_its_ends()
    {
        const string Json = """
            { "learningRate": { "schedule": { "name": "sweep", "from": 1e-5, "to": 2 } } }
            """;
        ScheduleSpec schedule = JobReader.Read(Json, "job.json", [], 1).LearningRate.Schedule;
        schedule.Kind.ShouldBe(ScheduleKind.Sweep);
        schedule.From.ShouldBe(1e-5);
        schedule.To.ShouldBe(2);
    }

    /// <summary>The peak, which base and scaling lead to, must not show.</summary>
    private static ISchedule Over(long steps)
        => ScheduleCatalogue.Create(Spec, new ScheduleFrame(0.05, 2, WarmupSteps: 3, steps));
}
