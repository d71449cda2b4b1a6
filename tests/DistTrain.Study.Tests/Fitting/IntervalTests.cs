using DistTrain.Study.Fitting;

namespace DistTrain.Study.Tests.Fitting;

public sealed class IntervalTests
{
    [Theory]
    [InlineData(1, 12.7062)]
    [InlineData(2, 4.3027)]
    [InlineData(9, 2.2622)]
    [InlineData(10, 2.2281)]
    [InlineData(11, 2.2010)]
    [InlineData(30, 2.0423)]
    [InlineData(1e9, 1.95996)]
    public void Quantiles_are_those_of_the_tables(double degrees, double quantile)
        => StudentT.Quantile(degrees).ShouldBe(quantile, 0.004);

    [Fact]
    public void Quantiles_fall_with_the_degrees_of_freedom()
    {
        double[] values = [.. Enumerable.Range(10, 300).Select(i => StudentT.Quantile(i / 10.0))];
        values.Zip(values.Skip(1)).ShouldAllBe(p => p.First > p.Second);
    }

    [Fact]
    public void A_mean_of_three_seeds_has_the_interval_of_the_textbook()
    {
        SeedMean mean = SeedMean.Of([1, 2, 3])!;
        mean.Mean.ShouldBe(2);
        mean.StandardError!.Value.ShouldBe(1 / Math.Sqrt(3), 1e-12);
        mean.Interval!.Value.Low!.Value.ShouldBe(2 - 4.3027 / Math.Sqrt(3), 1e-4);
    }

    [Fact]
    public void One_seed_has_no_interval_and_nothing_finite_no_mean()
    {
        SeedMean.Of([0.5])!.Interval.ShouldBeNull();
        SeedMean.Of([double.NaN, null, double.PositiveInfinity]).ShouldBeNull();
        SeedMean.Of([double.NaN, 3, null])!.Count.ShouldBe(1);
    }

    [Fact]
    public void Differences_follow_Welch()
    {
        // By hand: s²/n of 0.25 and 1; ν = 1.25² / (0.0625/3 + 1/3) = 4.412.
        SeedMean a = new(10, 0.5, 4), b = new(8, 1, 4);
        Estimate less = a.Less(b);
        less.Value.ShouldBe(2);
        double reach = StudentT.Quantile(4.41176) * Math.Sqrt(1.25);
        less.Interval!.Value.High!.Value.ShouldBe(2 + reach, 1e-3);
        a.Less(new SeedMean(8, null, 1)).Interval.ShouldBeNull();
        new SeedMean(1, 0, 3).Less(new SeedMean(1, 0, 3)).Interval.ShouldBe(new Interval(0, 0));
    }

    [Fact]
    public void A_power_law_gives_back_its_exponent()
    {
        PowerLaw law = PowerLaw.Fit(new[] { 8.0, 32, 128, 512 }.Select(b => (b, 0.003 * Math.Pow(b, 0.7))))!;
        law.Exponent.Value.ShouldBe(0.7, 1e-9);
        law.Factor.ShouldBe(0.003, 1e-9);
        law.At(1000).ShouldBe(0.003 * Math.Pow(1000, 0.7), 1e-9);
    }

    [Fact]
    public void A_noisy_power_law_holds_its_exponent()
    {
        int held = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            PowerLaw law = PowerLaw.Fit(Enumerable.Range(3, 8).Select(i => (
                Math.Pow(2, i),
                0.1 * Math.Pow(2, 0.5 * i) * Math.Exp(0.2 * TradeOffFitTests.Gauss(random)))))!;
            held += law.Exponent.Interval!.Value.Holds(0.5) ? 1 : 0;
        }

        held.ShouldBeInRange(88, 100);
    }

    [Fact]
    public void Too_few_points_make_no_law_or_one_without_interval()
    {
        PowerLaw.Fit([(64, 0.1), (64, 0.2)]).ShouldBeNull();
        PowerLaw.Fit([(64, 0.1), (128, double.NaN), (256, -1)]).ShouldBeNull();
        Estimate two = PowerLaw.Fit([(64, 0.1), (128, 0.2)])!.Exponent;
        two.Value.ShouldBe(1, 1e-12);
        two.Interval.ShouldBeNull();
    }
}
