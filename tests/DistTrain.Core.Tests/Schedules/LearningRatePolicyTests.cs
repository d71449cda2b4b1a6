using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;

namespace DistTrain.Core.Tests.Schedules;

public static class LearningRatePolicyTests
{
    private const int StepsPerEpoch = 10, Epochs = 12;
    private static readonly PlateauState Fresh = new();

    [Theory]
    [InlineData(ScalingRule.None, 0.1)]
    [InlineData(ScalingRule.Linear, 0.8)]
    [InlineData(ScalingRule.Sqrt, 0.282842712474619)]
    [InlineData(ScalingRule.Legew, 0.282842712474619)]
    [InlineData(ScalingRule.AdaScale, 0.1)]
    public static void The_scaling_rule_sets_the_peak(ScalingRule rule, double peak)
    {
        LearningRatePolicy policy = Policy(Of(ScheduleKind.Constant), scaling: rule);
        policy.PeakRate.ShouldBe(peak, 1e-15);
        policy.At(0, Fresh).ShouldBe(peak, 1e-15);
    }

    [Fact]
    public static void Warm_up_rises_from_the_base_rate_to_the_scaled_one_step_by_step()
    {
        LearningRatePolicy policy = Policy(Of(ScheduleKind.Constant), ScalingRule.Linear, warmup: 2);
        policy.WarmupSteps.ShouldBe(20);
        for (int step = 0; step < 20; step++)
            policy.At(step, Fresh).ShouldBe(0.1 + 0.7 * step / 20, 1e-15);
        policy.At(20, Fresh).ShouldBe(0.8);
        policy.At(119, Fresh).ShouldBe(0.8);
    }

    [Fact]
    public static void Warm_up_starts_from_zero_when_scaling_does_not_raise_the_rate()
    {
        Policy(Of(ScheduleKind.Constant), warmup: 1).At(0, Fresh).ShouldBe(0);
        Policy(Of(ScheduleKind.Constant), warmup: 1).At(5, Fresh).ShouldBe(0.05, 1e-15);
        // A batch below the reference lowers the rate; to start from above it would be no warm-up.
        Policy(Of(ScheduleKind.Constant), ScalingRule.Linear, warmup: 1, batch: 32).At(0, Fresh).ShouldBe(0);
    }

    [Fact]
    public static void Warm_up_starts_where_the_job_says()
    {
        ScheduleSpec constant = Of(ScheduleKind.Constant);
        LearningRatePolicy policy = Policy(constant, ScalingRule.Linear, warmup: 1, start: 0.3);
        policy.At(0, Fresh).ShouldBe(0.3);
        policy.At(5, Fresh).ShouldBe(0.55, 1e-15);
    }

    [Theory]
    [InlineData(0.25, 3)]
    [InlineData(0.04, 0)]
    [InlineData(0.05, 1)]
    [InlineData(500, 120)]
    public static void Warm_up_is_rounded_to_whole_steps_and_ends_with_the_run(double epochs, int steps)
        => Policy(Of(ScheduleKind.Constant), warmup: epochs).WarmupSteps.ShouldBe(steps);

    [Theory]
    [InlineData(19, 0.1)]
    [InlineData(29, 0.1)]
    [InlineData(30, 0.05)]
    [InlineData(59, 0.05)]
    [InlineData(60, 0.025)]
    public static void Step_decays_every_few_epochs_from_the_start_of_training(int step, double rate)
        => Policy(Of(ScheduleKind.Step) with { Gamma = 0.5, EveryEpochs = 3 }, warmup: 1)
            .At(step, Fresh).ShouldBe(rate, 1e-15);

    [Theory]
    [InlineData(24, 0.1)]
    [InlineData(25, 0.01)]
    [InlineData(79, 0.01)]
    [InlineData(80, 0.001)]
    public static void Step_decays_at_milestones_fractions_of_epochs_included(int step, double rate)
        => Policy(Of(ScheduleKind.Step) with { Milestones = [8, 2.5] }).At(step, Fresh).ShouldBe(rate, 1e-15);

    [Fact]
    public static void A_period_that_binary_fractions_cannot_hold_decays_at_the_exact_step()
    {
        LearningRatePolicy policy = Policy(Of(ScheduleKind.Step) with { Gamma = 0.5, EveryEpochs = 0.3 });
        for (int step = 0; step < 120; step++)
            policy.At(step, Fresh).ShouldBe(0.1 * Math.Pow(0.5, step / 3), 1e-12);
    }

    [Fact]
    public static void Exponential_and_inverse_time_leave_from_the_peak_at_the_end_of_warm_up()
    {
        LearningRatePolicy exponential = Policy(Of(ScheduleKind.Exponential) with { Gamma = 0.8 }, warmup: 2);
        LearningRatePolicy inverse = Policy(Of(ScheduleKind.InverseTime) with { Alpha = 0.5 }, warmup: 2);
        for (int step = 20; step < 120; step++)
        {
            double epochs = (step - 20) / 10.0;
            exponential.At(step, Fresh).ShouldBe(0.1 * Math.Pow(0.8, epochs), 1e-15);
            inverse.At(step, Fresh).ShouldBe(0.1 / (1 + 0.5 * epochs), 1e-15);
        }
    }

    [Fact]
    public static void Polynomial_and_cosine_fall_from_the_peak_to_the_minimum_over_what_warm_up_leaves()
    {
        ScheduleSpec square = Of(ScheduleKind.Polynomial) with { Power = 2, MinimumRate = 0.02 };
        ScheduleSpec cosine = Of(ScheduleKind.Cosine) with { MinimumRate = 0.02 };
        for (int step = 20; step <= 120; step++)
        {
            double share = (step - 20) / 100.0;
            double left = Math.Pow(1 - share, 2);
            Policy(square, warmup: 2).At(step, Fresh).ShouldBe(0.02 + 0.08 * left, 1e-15);
            double half = Math.Pow(Math.Cos(Math.PI * share / 2), 2);
            Policy(cosine, warmup: 2).At(step, Fresh).ShouldBe(0.02 + 0.08 * half, 1e-15);
        }
        Policy(cosine, warmup: 2).At(1000, Fresh).ShouldBe(0.02, 1e-15);
    }

    [Fact]
    public static void One_cycle_stands_over_the_whole_run_and_is_its_own_warm_up()
    {
        LearningRatePolicy policy = Policy(Of(ScheduleKind.OneCycle) with { RiseFraction = 0.25 }, warmup: 3);
        policy.WarmupSteps.ShouldBe(0);
        policy.At(0, Fresh).ShouldBe(0.1 / 25, 1e-15);
        policy.At(29, Fresh).ShouldBe(0.1, 1e-15);
        policy.At(119, Fresh).ShouldBe(0.1 / 25 / 1e4, 1e-15);
        double[] rates = [.. Enumerable.Range(0, 120).Select(step => policy.At(step, Fresh))];
        rates[..30].ShouldBe(rates[..30].Order());
        rates[29..].ShouldBe(rates[29..].OrderDescending());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public static void One_cycle_over_a_handful_of_steps_stays_between_its_ends(int steps)
    {
        LearningRateSpec spec = Rate(Of(ScheduleKind.OneCycle), ScalingRule.None, 0, null);
        LearningRatePolicy policy = new(spec, 64, 64 * steps, epochs: 1);
        for (int step = 0; step < steps; step++)
            policy.At(step, Fresh).ShouldBeInRange(0.1 / 25 / 1e4 * 0.999, 0.1);
    }

    [Fact]
    public static void Plateau_multiplies_the_rate_once_warm_up_is_over()
    {
        LearningRatePolicy policy = Policy(Of(ScheduleKind.ReduceOnPlateau), warmup: 1);
        PlateauState reduced = new(Factor: 0.25);
        policy.At(5, reduced).ShouldBe(0.05, 1e-15);
        policy.At(10, reduced).ShouldBe(0.025, 1e-15);
        policy.At(119, Fresh).ShouldBe(0.1);
    }

    [Fact]
    public static void Every_kind_has_a_schedule_whose_rates_are_finite_and_positive_to_the_last_step()
    {
        foreach (ScheduleKind kind in Enum.GetValues<ScheduleKind>())
        {
            LearningRatePolicy policy = Policy(Of(kind));
            for (int step = 0; step < StepsPerEpoch * Epochs; step++)
                policy.At(step, Fresh).ShouldBeInRange(double.Epsilon, 0.1, $"{kind} at {step}");
        }
    }

    /// <summary>The rate of a step of a run whose batch never changes.</summary>
    internal static double At(this LearningRatePolicy policy, int step, PlateauState plateau, int batch = 512)
        => policy.At(
            new RatePosition(step / StepsPerEpoch, step % StepsPerEpoch, StepsPerEpoch, batch), plateau);

    internal static ScheduleSpec Of(ScheduleKind kind) => new() { Kind = kind };

    internal static LearningRateSpec Rate(
        ScheduleSpec schedule, ScalingRule scaling, double warmup, double? start)
        => new()
        {
            Base = 0.1,
            ReferenceBatch = 64,
            Scaling = scaling,
            WarmupEpochs = warmup,
            WarmupStart = start,
            Schedule = schedule,
        };

    /// <summary>Twelve epochs of ten steps, base rate 0.1 for a batch of 64.</summary>
    internal static LearningRatePolicy Policy(
        ScheduleSpec schedule, ScalingRule scaling = ScalingRule.None, double warmup = 0,
        double? start = null, int batch = 512)
        => new(Rate(schedule, scaling, warmup, start), batch, StepsPerEpoch * batch, Epochs);
}
