using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using static DistTrain.Core.Tests.Schedules.LearningRatePolicyTests;

namespace DistTrain.Core.Tests.Schedules;

/// <summary>Rates where the batch changes on the way, and rules that reach further than one factor.</summary>
public sealed class BatchAndRateTests
{
    private const int Samples = 5120, Epochs = 12;
    private static readonly PlateauState Fresh = new();

    /// <summary>At the start of an epoch, and halfway through it, no curve can tell how it is cut.</summary>
    [Fact]
    public void Curves_keep_their_places_in_epochs_when_the_batch_changes()
    {
        foreach (ScheduleKind kind in Enum.GetValues<ScheduleKind>())
        {
            LearningRatePolicy policy = Policy(Rate(Of(kind), ScalingRule.Linear, 2.5, null), rescale: false);
            for (int epoch = 0; epoch < Epochs; epoch++)
            {
                double start = policy.At(new RatePosition(epoch, 0, 10, 512), Fresh);
                policy.At(new RatePosition(epoch, 0, 40, 128), Fresh).ShouldBe(start, $"{kind}");
                double half = policy.At(new RatePosition(epoch, 5, 10, 512), Fresh);
                policy.At(new RatePosition(epoch, 20, 40, 128), Fresh).ShouldBe(half, $"{kind}");
            }
        }
    }

    [Theory]
    [InlineData(ScalingRule.Linear, 1024, 1.6)]
    [InlineData(ScalingRule.Linear, 128, 0.2)]
    [InlineData(ScalingRule.Sqrt, 2048, 0.565685424949238)]
    [InlineData(ScalingRule.None, 2048, 0.1)]
    public void The_rule_follows_the_batch_of_the_hour_where_the_job_wants_it(
        ScalingRule rule, int batch, double rate)
    {
        LearningRateSpec spec = Rate(Of(ScheduleKind.Constant), rule, 0, null);
        int steps = Samples / batch;
        RatePosition position = new(3, 1, steps, batch);
        Policy(spec, rescale: true).At(position, Fresh).ShouldBe(rate, 1e-12);
        Policy(spec, rescale: false).At(position, Fresh).ShouldBe(Policy(spec, rescale: true).PeakRate);
    }

    [Theory]
    [InlineData(512, 0.5, 40)]
    [InlineData(64, 0.5, 40)]
    [InlineData(32, 0.5, 40)]
    [InlineData(512, 100, 120)]
    public void Legew_stretches_warm_up_as_the_batch_grows_up_to_the_whole_run(
        int batch, double epochs, long steps)
    {
        // k-fold the epochs of 1/k the steps each: as many steps as with the reference batch.
        LearningRateSpec spec = Rate(Of(ScheduleKind.Constant), ScalingRule.Legew, epochs, null);
        new LearningRatePolicy(spec, batch, Samples, Epochs).WarmupSteps.ShouldBe(steps);
    }

    [Fact]
    public void Adascale_asks_the_schedule_at_whole_steps_of_the_reference_batch_and_multiplies_by_the_gain()
    {
        LearningRateSpec spec = Rate(Of(ScheduleKind.Cosine), ScalingRule.AdaScale, 1, 0.02);
        LearningRatePolicy policy = Policy(spec, rescale: false);
        LearningRatePolicy reference =
            new(spec with { Scaling = ScalingRule.None }, 64, Samples, Epochs);
        policy.TotalSteps.ShouldBe(960);
        policy.WarmupSteps.ShouldBe(80);
        foreach (double tau in new[] { 0, 0.9, 17.2, 80, 500.7, 959.99 })
        {
            RatePosition position = new(1, 2, 10, 512, tau, Gain: 2.5);
            RatePosition small = new((int)tau / 80, (int)tau % 80, 80, 64);
            policy.At(position, Fresh).ShouldBe(2.5 * reference.At(small, Fresh), 1e-15, $"τ = {tau}");
        }
        policy.At(new RatePosition(9, 0, 10, 512, 2000, Gain: 1), Fresh).ShouldBe(0, 1e-15);
    }

    [Fact]
    public void Steps_that_gain_everything_make_adascale_linear_scaling()
    {
        LearningRateSpec spec = Rate(Of(ScheduleKind.Constant), ScalingRule.AdaScale, 0, null);
        LearningRatePolicy policy = Policy(spec, rescale: false);
        double gain = policy.GainOf(AdaScaleGainTests.Noise(100, 0), 512);
        policy.At(new RatePosition(0, 0, 10, 512, 0, gain), Fresh).ShouldBe(0.8, 1e-12);
    }

    [Fact]
    public void Only_adascale_has_a_gain()
    {
        NoiseScaleState noise = AdaScaleGainTests.Noise(640, 5);
        foreach (ScalingRule rule in Enum.GetValues<ScalingRule>())
        {
            Policy(Rate(Of(ScheduleKind.Constant), rule, 0, null), rescale: false).GainOf(noise, 512)
                .ShouldBe(rule == ScalingRule.AdaScale ? 2.4 : 1, 1e-12, $"{rule}");
        }
    }

    /// <summary>Twelve epochs of 5,120 samples, the first in batches of 512.</summary>
    private static LearningRatePolicy Policy(LearningRateSpec spec, bool rescale)
        => new(spec, 512, Samples, Epochs, rescale);
}
