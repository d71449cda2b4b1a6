using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class UnitsTests
{
    [Theory]
    [InlineData(2.302585, "2.3026")]
    [InlineData(0.08321, "0.0832")]
    [InlineData(431.0678, "431.07")]
    [InlineData(0.0000314, "3.14e-05")]
    [InlineData(0.0, "0.0000")]
    [InlineData(-1.5, "-1.5000")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(12345678.0, "1.235e07")]
    public void Losses_keep_the_digits_that_matter(double loss, string text)
        => Units.Loss(loss).ShouldBe(text);

    [Theory]
    [InlineData(0.05, "0.05")]
    [InlineData(0.0421337, "0.04213")]
    [InlineData(1.0, "1")]
    [InlineData(0.0000012, "1.2e-06")]
    [InlineData(0.0, "0")]
    public void Rates_have_four_significant_digits(double rate, string text)
        => Units.Rate(rate).ShouldBe(text);

    [Theory]
    [InlineData(0.346, "0.35 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.96, "1:00")]
    [InlineData(245, "4:05")]
    [InlineData(3723, "1:02:03")]
    public void Measured_times_lose_digits_as_they_grow(double seconds, string text)
        => Units.Seconds(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(-3, "0:00")]
    [InlineData(41.6, "0:42")]
    [InlineData(3599.7, "1:00:00")]
    [InlineData(2 * 86400 + 3 * 3600 + 245, "2d 03:04")]
    public void Clocks_carry_over_when_rounding(double seconds, string text)
        => Units.Clock(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void Shares_counts_and_throughput_are_written_for_people()
    {
        Units.Share(0.97412).ShouldBe("97.41 %");
        Units.Share(double.NaN).ShouldBe("nan");
        Units.Count(55000).ShouldBe("55,000");
        Units.Throughput(21430.4).ShouldBe("21,430 samples/s");
        Units.Throughput(0.83).ShouldBe("0.8 samples/s");
    }

    [Fact]
    public void Text_from_elsewhere_cannot_steer_the_terminal()
        => Units.Printable("a\e[2Jb\rc\u009bd\ne").ShouldBe("a?[2Jb?c?d\ne");
}
