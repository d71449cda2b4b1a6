using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Coordination.Noise;

public sealed class GradientNoiseTests
{
    [Fact]
    public void Two_equal_shards_give_what_is_computed_by_hand()
    {
        // Two shards of two samples, summed gradients 3 and 1: Q = 9/2 + 1/2 = 5, the mean gradient is 1.
        GradientNoise noise = GradientNoise.Of(5, 2, sumNorm: 4, samples: 4)!.Value;
        noise.ShouldBe(new GradientNoise(Trace: 1, Square: 0.75));
    }

    [Fact]
    public void Unequal_shards_give_what_is_computed_by_hand()
    {
        // Shards of 1, 2 and 5 samples, summed gradients (2, 0), (2, 2), (0, 10): Q = 4 + 8/2 + 100/5 = 28.
        // The sum is (4, 12), its square over B² = 160/64 = 5/2; tr Σ = (28 − 8·5/2)/2 = 4, |G|² = 5/2 − 4/8.
        GradientNoise noise = GradientNoise.Of(28, 3, Math.Sqrt(160), 8)!.Value;
        noise.Trace.ShouldBe(4, 1e-14);
        noise.Square.ShouldBe(2, 1e-14);
    }

    [Fact]
    public void With_equal_shards_it_is_the_formula_of_the_paper()
    {
        const double big = 0.37, small = 1.91;
        const int batch = 96, shard = 12;
        double squaresPerSample = batch / shard * (shard * shard * small) / shard;
        GradientNoise noise = GradientNoise.Of(
            squaresPerSample, batch / shard, batch * Math.Sqrt(big), batch)!.Value;
        noise.Square.ShouldBe((batch * big - shard * small) / (batch - shard), 1e-14);
        noise.Trace.ShouldBe((small - big) / (1.0 / shard - 1.0 / batch), 1e-12);
    }

    [Fact]
    public void Every_choice_of_two_values_per_sample_averages_to_the_truth()
    {
        // Each of three samples is 1 + e with e = ±2 at even odds: G = 1, Σ = 4. Shards of one and of two
        // samples; over all eight outcomes, which are equally likely, the means must be exact.
        double trace = 0, square = 0;
        for (int outcome = 0; outcome < 8; outcome++)
        {
            double[] g = [.. Enumerable.Range(0, 3).Select(i => (outcome >> i & 1) == 0 ? 3.0 : -1.0)];
            double first = g[0], second = g[1] + g[2];
            GradientNoise noise = GradientNoise.Of(
                first * first + second * second / 2, 2, Math.Abs(first + second), 3)!.Value;
            trace += noise.Trace / 8;
            square += noise.Square / 8;
        }
        trace.ShouldBe(4, 1e-13);
        square.ShouldBe(1, 1e-13);
    }

    [Theory]
    [InlineData(1, 4.0, 2.0)]
    [InlineData(0, 0.0, 0.0)]
    [InlineData(2, double.NaN, 2.0)]
    [InlineData(2, double.PositiveInfinity, 2.0)]
    [InlineData(2, 4.0, double.PositiveInfinity)]
    public void Without_two_shards_and_finite_norms_there_is_no_estimate(int shards, double q, double norm)
        => GradientNoise.Of(q, shards, norm, 4).ShouldBeNull();

    [Theory]
    [InlineData(new[] { 8, 8, 8, 8 })]
    [InlineData(new[] { 1, 3, 7, 21 })]
    public void On_a_quadratic_problem_the_means_converge_to_the_true_values(int[] shards)
    {
        // Loss ½(w − w*)ᵀH(w − w*) with noise in the samples: g = H(w − w*) + ε, ε of covariance diag(σ²).
        double[] curvature = [4, 1, 0.5, 0.1, 0.02], distance = [0.1, -0.3, 0.4, 1, -2];
        double[] deviation = [2, 1, 0.3, 1.5, 0.7];
        double[] mean = [.. curvature.Zip(distance, (h, d) => h * d)];
        double trueSquare = mean.Sum(g => g * g), trueTrace = deviation.Sum(s => s * s);
        const int steps = 4000;
        List<GradientNoise> seen = [];
        for (int step = 0; step < steps; step++)
        {
            seen.Add(Draw(step, shards, mean, deviation));
        }
        // Five standard errors of the mean, which the sample itself tells: a false alarm in two million.
        Converges(seen.Select(noise => noise.Trace), trueTrace);
        Converges(seen.Select(noise => noise.Square), trueSquare);
    }

    private static void Converges(IEnumerable<double> estimates, double truth)
    {
        double[] values = [.. estimates];
        double mean = values.Average();
        double variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        double standardError = Math.Sqrt(variance / values.Length);
        standardError.ShouldBeLessThan(0.03 * truth, "else the test would show little");
        mean.ShouldBe(truth, 5 * standardError);
    }

    private static GradientNoise Draw(int step, int[] shards, double[] mean, double[] deviation)
    {
        ulong key = KeyedRandom.Key(20_18, (ulong)step);
        ulong drawn = 0;
        double squaresPerSample = 0;
        double[] total = new double[mean.Length];
        foreach (int samples in shards)
        {
            double[] sum = new double[mean.Length];
            for (int i = 0; i < samples * mean.Length; i++)
            {
                int at = i % mean.Length;
                sum[at] += mean[at] + deviation[at] * Normal(key, drawn++);
            }
            squaresPerSample += sum.Sum(value => value * value) / samples;
            total = [.. total.Zip(sum, (a, b) => a + b)];
        }
        double norm = Math.Sqrt(total.Sum(value => value * value));
        return GradientNoise.Of(squaresPerSample, shards.Length, norm, shards.Sum())!.Value;
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(ulong key, ulong index)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - KeyedRandom.Uniform(key, 2 * index)));
        return radius * Math.Cos(2 * Math.PI * KeyedRandom.Uniform(key, 2 * index + 1));
    }
}
