using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Jobs;
using DistTrain.Core.Tests.Simulation.Model;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Coordination.LossScaling;

public sealed class LossScalePolicyTests
{
    /// <summary>A letter a step: x overflows, a dot does not.</summary>
    [Theory]
    [InlineData("", 8)]
    [InlineData("x", 4)]
    [InlineData("xx", 2)]
    [InlineData("..", 8)]
    [InlineData("...", 16)]
    [InlineData("......", 32)]
    [InlineData("..x", 4)]
    [InlineData("..x..", 4)]
    [InlineData("..x...", 8)]
    [InlineData("...x", 8)]
    [InlineData("xxxxxxx", 1)]
    public void Overflows_halve_the_scale_and_so_many_good_steps_double_it(string steps, double scale)
        => Play(Job(initial: 8, interval: 3), steps).Scale.ShouldBe(scale);

    [Fact]
    public void Factors_are_those_of_the_job()
    {
        JobSpec job = Job(initial: 64, interval: 2) with
        {
            LossScaling = new LossScalingSpec
            {
                Initial = 64,
                Growth = 8,
                Backoff = 0.25,
                GrowthInterval = 2,
            },
        };
        Play(job, "x").Scale.ShouldBe(16);
        Play(job, "..").Scale.ShouldBe(512);
    }

    [Fact]
    public void It_never_grows_beyond_what_doubles_can_count()
        => Play(Job(initial: 1 << 24, interval: 1), new string('.', 200)).Scale
            .ShouldBe(LossScalePolicy.Most);

    [Fact]
    public void It_follows_the_rules_of_GradScaler_whatever_happens()
        => Prop.ForAll(
            Gen.Choose(0, 24).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(),
            Gen.Elements('x', '.', '.', '.').ListOf().Select(l => string.Concat(l)).ToArbitrary(),
            (exponent, interval, steps) =>
            {
                JobSpec job = Job(Math.ScaleB(1, exponent), interval);
                var naive = new NaiveScaler(job);
                foreach (char step in steps)
                {
                    naive.After(step == 'x');
                }
                Play(job, steps).Scale.ShouldBe(naive.Scale);
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 65536)]
    [InlineData(2, 32768)]
    [InlineData(100, 512)]
    [InlineData(128, 512)]
    [InlineData(129, 256)]
    public void A_samples_loss_is_multiplied_by_the_scale_over_the_batch(int batch, double factor)
        => LossScalePolicy.FactorOf(
            Job(65536, 2) with { Batch = new BatchSpec(batch, 1) }, new TrainingProgress()).ShouldBe(factor);

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Tf32)]
    [InlineData(Precision.Bf16)]
    public void Other_precisions_scale_nothing(Precision precision)
    {
        JobSpec job = Job(65536, 2) with { Precision = precision };
        LossScalePolicy.Of(job, new TrainingProgress()).ShouldBeNull();
        LossScalePolicy.FactorOf(job, new TrainingProgress()).ShouldBe(1);
        LossScalePolicy.After(job, null, skipped: true).ShouldBeNull();
    }

    [Fact]
    public void Scaling_by_a_power_of_two_and_back_gives_the_same_bits()
        => Prop.ForAll(
            Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), Gen.Choose(-40, 40).ToArbitrary(),
            (bits, exponent) =>
            {
                float value = BitConverter.Int32BitsToSingle(bits);
                float scaled = value * (float)Math.ScaleB(1, exponent);
                float back = scaled * (float)Math.ScaleB(1, -exponent);
                bool fits = float.IsNormal(value) && float.IsNormal(scaled);
                return !fits || BitConverter.SingleToInt32Bits(back) == bits;
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, true)]
    [InlineData(0.5, true)]
    [InlineData(65536, true)]
    [InlineData(1.1754943508222875e-38, true)] // 2⁻¹²⁶
    [InlineData(5.877471754111438e-39, false)] // 2⁻¹²⁷
    [InlineData(1.7014118346046923e38, true)] // 2¹²⁷
    [InlineData(3.402823669209385e38, false)] // 2¹²⁸
    [InlineData(3, false)]
    [InlineData(0, false)]
    [InlineData(-2, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void Powers_of_two_are_known(double value, bool isOne)
        => PowersOfTwo.IsOne(value).ShouldBe(isOne);

    private static LossScaleState Play(JobSpec job, string steps)
    {
        LossScaleState state = LossScalePolicy.Of(job, new TrainingProgress())!;
        foreach (char step in steps)
        {
            state = LossScalePolicy.After(job, state, step == 'x')!;
        }
        return state;
    }

    private static JobSpec Job(double initial, int interval) => TestJobs.Job() with
    {
        Precision = Precision.Fp16,
        LossScaling = new LossScalingSpec { Initial = initial, GrowthInterval = interval },
    };
}
