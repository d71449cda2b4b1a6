using DistTrain.Study.Fitting;

namespace DistTrain.Study.Tests.Fitting;

public sealed class TradeOffFitTests
{
    private static readonly double[] Batches = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];

    [Theory]
    [InlineData(200, 900)]
    [InlineData(5000, 60)]
    [InlineData(17, 4000)]
    public void An_exact_curve_gives_back_its_parameters(double leastSteps, double critical)
    {
        TradeOff fit = TradeOffFit.Fit(Batches.Select(b => (b, leastSteps * (1 + critical / b))))!;
        fit.Verdict.ShouldBe(TradeOffVerdict.Fixed);
        fit.LeastSteps.Value.ShouldBe(leastSteps, leastSteps * 1e-4);
        fit.CriticalBatch.Value.ShouldBe(critical, critical * 1e-4);
        fit.LeastExamples.Value.ShouldBe(leastSteps * critical, leastSteps * critical * 1e-4);
        double s = fit.Steps(300) / leastSteps, e = fit.Examples(300) / (leastSteps * critical);
        ((s - 1) * (e - 1)).ShouldBe(1, 1e-3);
    }

    [Fact]
    public void Noise_moves_the_fit_within_its_interval_about_as_often_as_it_says()
    {
        const double critical = 700;
        int held = 0;
        for (int seed = 1; seed <= 40; seed++)
        {
            TradeOff fit = TradeOffFit.Fit(Noisy(Batches, 300, critical, 0.08, seeds: 3, seed))!;
            fit.Verdict.ShouldBe(TradeOffVerdict.Fixed);
            fit.CriticalBatch.Value.ShouldBeInRange(critical / 1.6, critical * 1.6);
            held += fit.CriticalBatch.Interval!.Value.Holds(critical) ? 1 : 0;
        }

        // 38 of 40 on average.
        held.ShouldBeInRange(33, 40);
    }

    [Fact]
    public void Steps_that_only_halve_have_no_knee_in_range()
    {
        TradeOff fit = TradeOffFit.Fit(Noisy([16, 32, 64, 128], 300, 20_000, 0.02, 3, 1))!;
        fit.Verdict.ShouldBe(TradeOffVerdict.NoKneeYet);
        fit.LeastExamples.Value.ShouldBe(300 * 20_000, 300 * 20_000 * 0.1);
    }

    [Fact]
    public void Exactly_halving_steps_leave_the_upper_end_open()
    {
        TradeOff fit = TradeOffFit.Fit(Noisy([16, 32, 64, 128], 1, 1e9, 0.02, 3, 1))!;
        fit.Verdict.ShouldBe(TradeOffVerdict.NoKneeYet);
        fit.CriticalBatch.Interval!.Value.High.ShouldBeNull();
    }

    [Fact]
    public void Steps_that_no_longer_fall_lie_past_the_knee()
        => TradeOffFit.Fit(Noisy([1024, 2048, 4096, 8192], 300, 20, 0.01, 3, 1))!.Verdict
            .ShouldBe(TradeOffVerdict.PastTheKnee);

    [Fact]
    public void Two_batches_carry_no_verdict_and_no_interval()
    {
        TradeOff fit = TradeOffFit.Fit([(64, 1000), (64, 1010), (128, 600), (128, 610)])!;
        fit.Verdict.ShouldBe(TradeOffVerdict.TooFewBatches);
        fit.CriticalBatch.Interval.ShouldBeNull();
    }

    [Fact]
    public void Three_single_runs_have_a_curve_that_is_not_fixed()
        => TradeOffFit.Fit([(64, 1000), (128, 620), (256, 400)])!.Verdict.ShouldBe(TradeOffVerdict.Loose);

    [Fact]
    public void One_batch_or_nothing_usable_has_no_fit()
    {
        TradeOffFit.Fit([]).ShouldBeNull();
        TradeOffFit.Fit([(64, 1000), (64, 1100)]).ShouldBeNull();
        TradeOffFit.Fit([(64, double.NaN), (128, 0), (256, double.PositiveInfinity), (0, 5)]).ShouldBeNull();
    }

    [Fact]
    public void The_same_runs_give_the_same_interval()
    {
        (double, double)[] points = [.. Noisy(Batches, 300, 700, 0.08, 2, 3)];
        TradeOffFit.Fit(points).ShouldBe(TradeOffFit.Fit(points));
    }

    private static IEnumerable<(double, double)> Noisy(
        double[] batches, double leastSteps, double critical, double deviation, int seeds, int seed)
    {
        var random = new Random(seed);
        return batches.SelectMany(b => Enumerable.Range(0, seeds).Select(_ => (
            b, leastSteps * (1 + critical / b) * Math.Exp(deviation * Gauss(random))))).ToArray();
    }

    internal static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
        * Math.Cos(2 * Math.PI * random.NextDouble());
}
