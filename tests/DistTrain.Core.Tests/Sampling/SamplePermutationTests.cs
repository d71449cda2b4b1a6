using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Sampling;

public sealed class SamplePermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(60_000)]
    [InlineData(65_537)]
    public void Every_sample_has_exactly_one_position(int count)
    {
        for (int epoch = 1; epoch <= 3; epoch++)
        {
            int[] order = OrderOf(new SamplePermutation(7, epoch, count));
            order.Order().ShouldBe(Enumerable.Range(0, count));
        }
    }

    [Fact]
    public void Every_count_up_to_three_hundred_is_permuted()
    {
        for (int count = 0; count <= 300; count++)
            OrderOf(new SamplePermutation(-1, 2, count)).Order().ShouldBe(Enumerable.Range(0, count));
    }

    [Fact]
    public void The_largest_count_is_reached_at_both_ends_without_overflow()
    {
        SamplePermutation order = new(1, 1, int.MaxValue);
        int first = order.At(0), last = order.At(int.MaxValue - 1);
        first.ShouldBeInRange(0, int.MaxValue - 1);
        last.ShouldBeInRange(0, int.MaxValue - 1);
        first.ShouldNotBe(last);
    }

    [Fact]
    public void Fill_gives_what_At_gives()
    {
        SamplePermutation order = new(3, 1, 1000);
        int[] filled = new int[77];
        order.Fill(900, filled.AsSpan(0, 50));
        order.Fill(950, filled.AsSpan(50));
        filled.Take(50).ShouldBe(Enumerable.Range(900, 50).Select(order.At));
        order.Fill(1000, []);
        Should.Throw<ArgumentOutOfRangeException>(() => order.Fill(950, new int[51]));
        Should.Throw<ArgumentOutOfRangeException>(() => order.At(1000));
        Should.Throw<ArgumentOutOfRangeException>(() => order.At(-1));
    }

    [Fact]
    public void Seeds_and_epochs_have_orders_of_their_own()
    {
        int[][] orders =
        [
            OrderOf(new SamplePermutation(1, 1, 1000)), OrderOf(new SamplePermutation(1, 2, 1000)),
            OrderOf(new SamplePermutation(2, 1, 1000)), OrderOf(new SamplePermutation(2, 2, 1000)),
        ];
        for (int a = 0; a < orders.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                // Two random permutations share one position on average; ten is beyond chance (below 1e-6).
                orders[a].Zip(orders[b]).Count(pair => pair.First == pair.Second).ShouldBeLessThan(10);
            }
        }
    }

    /// <summary>
    /// The order is part of what a checkpoint promises: a change of it breaks every resumed run.
    /// </summary>
    [Fact]
    public void The_order_of_a_known_seed_never_changes()
        => OrderOf(new SamplePermutation(1, 1, 10)).ShouldBe([8, 0, 4, 2, 6, 7, 3, 9, 1, 5]);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void All_permutations_of_a_few_samples_are_equally_likely(int count)
    {
        int kinds = Enumerable.Range(1, count).Aggregate((a, b) => a * b);
        const int Each = 200;
        Dictionary<string, int> seen = [];
        for (int seed = 0; seed < kinds * Each; seed++)
        {
            string key = string.Join(',', OrderOf(new SamplePermutation(seed, 1, count)));
            seen[key] = seen.GetValueOrDefault(key) + 1;
        }
        seen.Count.ShouldBe(kinds);
        double chiSquared = seen.Values.Sum(n => Math.Pow(n - Each, 2) / Each);
        BoundOf(kinds - 1).ShouldBeGreaterThan(chiSquared);
    }

    /// <summary>
    /// Where a sample lands, over many epochs, is uniform: chi-squared over ten bins for each sample.
    /// </summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(4096)]
    public void A_position_holds_every_part_of_the_data_equally_often(int count)
    {
        const int Epochs = 5000, Bins = 10;
        foreach (int position in new[] { 0, 1, count / 2, count - 1 })
        {
            int[] bins = new int[Bins];
            for (int epoch = 0; epoch < Epochs; epoch++)
                bins[(long)new SamplePermutation(5, epoch, count).At(position) * Bins / count]++;
            double expected = (double)Epochs / Bins;
            bins.Sum(n => Math.Pow(n - expected, 2) / expected).ShouldBeLessThan(BoundOf(Bins - 1));
        }
    }

    /// <summary>
    /// Neighbours in the order are neighbours in the data no more often than chance, and the order does not
    /// run with the data: correlations of position with sample, and of a sample with the next.
    /// </summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void The_order_correlates_neither_with_the_data_nor_with_itself(int count)
    {
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            double[] order = [.. OrderOf(new(11, epoch, count)).Select(sample => (double)sample)];
            double[] positions = [.. Enumerable.Range(0, count).Select(position => (double)position)];
            // A correlation of n random pairs is normal with deviation 1/√n.
            double bound = 4.5 / Math.Sqrt(count);
            Math.Abs(Correlation(positions, order)).ShouldBeLessThan(bound);
            foreach (int lag in new[] { 1, 2, 16, 128 })
                Math.Abs(Correlation(order[..^lag], order[lag..])).ShouldBeLessThan(bound);
        }
    }

    private static int[] OrderOf(SamplePermutation permutation)
    {
        int[] order = new int[permutation.Count];
        permutation.Fill(0, order);
        return order;
    }

    /// <summary>4.5 deviations above the mean of chi-squared (Wilson and Hilferty 1931).</summary>
    private static double BoundOf(int degrees)
    {
        double spread = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - spread + 4.5 * Math.Sqrt(spread), 3);
    }

    private static double Correlation(double[] x, double[] y)
    {
        double meanX = x.Average(), meanY = y.Average();
        double spread = Product(x, meanX, x, meanX) * Product(y, meanY, y, meanY);
        return Product(x, meanX, y, meanY) / Math.Sqrt(spread);

        static double Product(double[] a, double meanA, double[] b, double meanB)
            => a.Zip(b).Sum(pair => (pair.First - meanA) * (pair.Second - meanB));
    }
}
