using DistTrain.Study.Tuning.Samplers;

namespace DistTrain.Study.Tests.Tuning.Samplers;

public sealed class SobolSequenceTests
{
    /// <summary>
    /// Point 5 and point 8 of all 21 dimensions, in sixteenths, as torch.quasirandom.SobolEngine(21) gives
    /// them, which has the same direction numbers.
    /// </summary>
    [Theory]
    [InlineData(5, new[] { 14, 14, 2, 6, 14, 10, 14, 6, 6, 2, 6, 14, 14, 2, 14, 6, 14, 6, 6, 10, 10 })]
    [InlineData(8, new[] { 3, 5, 15, 7, 9, 5, 7, 15, 15, 5, 11, 1, 15, 15, 13, 15, 13, 13, 15, 5, 3 })]
    public void Points_are_those_of_PyTorch(int index, int[] sixteenths)
        => new SobolSequence(21).Point(index).Select(word => word / 268435456.0)
            .ShouldBe(sixteenths.Select(s => (double)s));

    /// <summary>The beginning of dimension 1 and 2 as in Bratley and Fox 1988, in Gray-code order.</summary>
    [Fact]
    public void The_first_points_are_the_published_ones()
    {
        (double X, double Y)[] first = [(0, 0), (0.5, 0.5), (0.75, 0.25), (0.25, 0.75), (0.375, 0.375),
            (0.875, 0.875), (0.625, 0.125), (0.125, 0.625)];
        var sequence = new SobolSequence(2);
        for (int i = 0; i < first.Length; i++)
            sequence.Point(i).Select(w => w / 4294967296.0).ShouldBe([first[i].X, first[i].Y]);
    }

    [Fact]
    public void Every_dimension_meets_every_cell_of_a_power_of_two_once()
    {
        const int Cells = 256;
        var sequence = new SobolSequence(SobolSequence.MostDimensions);
        uint[][] points = [.. Enumerable.Range(0, Cells).Select(sequence.Point)];
        for (int d = 0; d < SobolSequence.MostDimensions; d++)
            points.Select(p => p[d] >> 24).Distinct().Count().ShouldBe(Cells, $"dimension {d}");
    }

    [Fact]
    public void Points_are_more_even_than_random_ones_and_stay_so_when_shifted()
    {
        double random = Discrepancy(new RandomSampler(2, seed: 3));
        Discrepancy(new SobolSampler(2, seed: 3)).ShouldBeLessThan(random / 4);
    }

    [Fact]
    public void Other_seeds_give_other_points()
        => new SobolSampler(3, seed: 1).Next(4, []).ShouldNotBe(new SobolSampler(3, seed: 2).Next(4, []));

    /// <summary>The L2-star discrepancy of 256 points (Warnock 1972).</summary>
    private static double Discrepancy(ISampler sampler)
    {
        const int Count = 256;
        double[][] points = [.. Enumerable.Range(0, Count).Select(i => sampler.Next(i, [])!)];
        double single = points.Sum(p => p.Aggregate(1.0, (product, x) => product * (1 - x * x) / 2));
        double pairs = points.Sum(p => points.Sum(
            q => p.Zip(q, (a, b) => 1 - Math.Max(a, b)).Aggregate(1.0, (product, x) => product * x)));
        return 1.0 / 9 - 2.0 / Count * single + pairs / ((double)Count * Count);
    }
}
