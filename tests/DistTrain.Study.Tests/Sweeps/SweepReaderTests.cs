using DistTrain.Study.Sweeps;

namespace DistTrain.Study.Tests.Sweeps;

public sealed class SweepReaderTests
{
    [Theory]
    [InlineData(100, 0)]
    [InlineData(1000, 0)]
    [InlineData(100, 0.05)]
    [InlineData(400, 0.1)]
    public void The_steepest_point_is_found_where_the_curve_has_it(int steps, double noise)
    {
        SweepPoint[] curve = Curves.Of(
            steps, (x, i) => Curves.FallAt(1e-3, x) + 3 * Math.Pow(x, 2) + noise * Curves.Noise(i));
        SweepReading reading = SweepReader.Read(curve, hasBlownUp: false, steps);
        reading.WhyNone.ShouldBeNull();
        // A third of a decade either way.
        Math.Abs(Math.Log10(reading.Steepest!.Rate / 1e-3)).ShouldBeLessThan(0.34);
    }

    [Fact]
    public void The_other_suggestion_is_a_tenth_of_the_rate_with_the_lowest_loss()
    {
        SweepPoint[] curve = Curves.Of(400, (x, _) => Curves.FallAt(1e-3, x) + 2 * x);
        double lowest = curve.MinBy(p => p.Loss).Rate;
        SweepReading reading = SweepReader.Read(curve, hasBlownUp: false, 400);
        Math.Abs(Math.Log10(reading.TenthOfMinimum!.Rate / (lowest / 10))).ShouldBeLessThan(0.2);
        reading.TenthOfMinimum.Caveat.ShouldContain("about to turn unstable");
    }

    [Fact]
    public void A_curve_still_falling_at_its_end_says_that_the_minimum_lies_higher()
    {
        SweepReading reading = SweepReader.Read(
            Curves.Of(100, (x, _) => 2 - 0.2 * Math.Log10(x / 1e-6)), hasBlownUp: false, 100);
        reading.TenthOfMinimum!.Caveat.ShouldContain("--to");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void A_flat_curve_has_no_suggestion_and_says_why(double noise)
    {
        SweepReading reading = SweepReader.Read(
            Curves.Of(100, (_, i) => 2.3 + noise * Curves.Noise(i)), hasBlownUp: false, 100);
        reading.Steepest.ShouldBeNull();
        reading.TenthOfMinimum.ShouldBeNull();
        reading.WhyNone!.ShouldContain("flat");
    }

    [Fact]
    public void A_curve_that_only_rises_asks_for_lower_rates()
    {
        SweepReading reading = SweepReader.Read(
            Curves.Of(100, (_, i) => 2.3 + 0.05 * i), hasBlownUp: false, 100);
        reading.Steepest.ShouldBeNull();
        reading.WhyNone!.ShouldContain("--from");
    }

    [Fact]
    public void A_blow_up_at_the_second_step_has_no_suggestion_and_asks_for_lower_rates()
    {
        SweepReading reading = SweepReader.Read(
            [new SweepPoint(0.1, 2.3), new SweepPoint(0.12, double.NaN)], hasBlownUp: true, 100);
        reading.BlewUpAt.ShouldBe(0.12);
        string why = reading.WhyNone.ShouldNotBeNull();
        why.ShouldContain("after 2 steps");
        why.ShouldContain("--from");
    }

    [Fact]
    public void One_exploding_loss_at_the_end_does_not_move_the_steepest_point()
    {
        SweepPoint[] calm = Curves.Of(100, (x, _) => Curves.FallAt(1e-3, x));
        SweepPoint[] exploded = [.. calm[..90], calm[90] with { Loss = 1e12 }];
        double expected = SweepReader.Read(calm, hasBlownUp: false, 100).Steepest!.Rate;
        SweepReading reading = SweepReader.Read(exploded, hasBlownUp: true, 100);
        reading.Steepest!.Rate.ShouldBe(expected, expected * 0.2);
        reading.BlewUpAt.ShouldBe(calm[90].Rate);
    }

    [Fact]
    public void The_page_shows_the_suggestions_and_encodes_what_came_from_outside()
    {
        SweepReading reading = SweepReader.Read(
            Curves.Of(100, (x, _) => Curves.FallAt(1e-3, x) + x), hasBlownUp: false, 100);
        string page = SweepPage.Render(reading, "<script>x", 64);
        page.ShouldContain("class=\"dot mark\"");
        page.ShouldContain("smoothed");
        page.ShouldNotContain("<script");
        page.ShouldContain("batch of 64");
    }
}
