using DistTrain.Study.Sweeps;

namespace DistTrain.Study.Tests.Sweeps;

public sealed class LossSmoothingTests
{
    [Fact]
    public void The_running_form_is_a_moving_average_corrected_for_its_start()
    {
        var smoothing = new LossSmoothing(0.9);
        double average = 0;
        for (int t = 1; t <= 50; t++)
        {
            double loss = Math.Sin(t) + 2;
            average = 0.9 * average + 0.1 * loss;
            smoothing.Add(loss).ShouldBe(average / (1 - Math.Pow(0.9, t)), 1e-12);
        }
    }

    [Fact]
    public void The_centred_form_weighs_every_point_by_its_distance()
    {
        double[] losses = [.. Enumerable.Range(0, 17).Select(i => Curves.Noise(i))];
        double[] smooth = LossSmoothing.Centred(losses, 0.7);
        for (int i = 0; i < losses.Length; i++)
        {
            double[] weights = [.. losses.Select((_, j) => Math.Pow(0.7, Math.Abs(i - j)))];
            smooth[i].ShouldBe(losses.Zip(weights, (l, w) => l * w).Sum() / weights.Sum(), 1e-12);
        }
    }

    [Theory]
    [InlineData(100, 0.8)]
    [InlineData(1000, 0.98)]
    [InlineData(10, 0.5)]
    public void The_memory_is_a_twentieth_of_the_sweep(int steps, double beta)
        => LossSmoothing.BetaFor(steps).ShouldBe(beta, 1e-12);
}
