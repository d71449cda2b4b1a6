using DistTrain.Core.Sampling;
using DistTrain.Study.Sweeps;

namespace DistTrain.Study.Tests.Sweeps;

/// <summary>Losses over rates whose shape is known.</summary>
internal static class Curves
{
    /// <summary>Rates from 1e-6 to 10 in equal factors.</summary>
    public static SweepPoint[] Of(int steps, Func<double, int, double> loss)
        => [.. Enumerable.Range(0, steps).Select(i =>
        {
            double rate = 1e-6 * Math.Pow(1e7, (double)i / (steps - 1));
            return new SweepPoint(rate, loss(rate, i));
        })];

    /// <summary>From 2.5 to 0.5, steepest in the logarithm exactly at <paramref name="rate"/>.</summary>
    public static double FallAt(double rate, double x)
        => 1.5 - Math.Tanh(1.5 * (Math.Log10(x) - Math.Log10(rate)));

    /// <summary>The same noise in every run: uniform with a deviation of 1.</summary>
    public static double Noise(int i) => (KeyedRandom.Uniform(5, (ulong)i) - 0.5) * Math.Sqrt(12);
}
