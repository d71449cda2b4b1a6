using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;

namespace DistTrain.Core.Tests.Coordination.Noise;

public sealed class NoiseVerdictTests
{
    [Theory]
    [InlineData(100, 49, BatchPlace.Below)]
    [InlineData(100, 50, BatchPlace.Near)]
    [InlineData(100, 200, BatchPlace.Near)]
    [InlineData(100, 201, BatchPlace.Above)]
    [InlineData(0, 1, BatchPlace.Above)]
    public void Near_is_within_a_factor_of_two(double scale, int batch, BatchPlace place)
        => NoiseVerdict.PlaceOf(scale, batch).ShouldBe(place);

    [Theory]
    [InlineData(270.4, 128, "critical batch ≈ 270; your batch of 128 is below it")]
    [InlineData(1280, 2048, "critical batch ≈ 1,280; your batch of 2,048 is near it")]
    [InlineData(0.418, 128, "critical batch ≈ 0.42; your batch of 128 is above it")]
    public void It_is_said_in_one_line(double scale, int batch, string line)
        => NoiseVerdict.Describe(new NoiseEstimate(1, 1, scale, 20), batch, 8).ShouldBe(line);

    [Fact]
    public void With_one_shard_it_says_why_there_is_none()
        => NoiseVerdict.Describe(null, 128, 1)
            .ShouldBe("the noise scale needs at least 2 shards; batch.shards is 1");

    [Fact]
    public void After_too_few_steps_it_says_so()
    {
        NoiseVerdict.Describe(null, 128, 8).ShouldBe("critical batch: too few steps yet (0 of 20)");
        NoiseVerdict.Describe(new NoiseEstimate(1, 1, 5, 19), 128, 8)
            .ShouldBe("critical batch: too few steps yet (19 of 20)");
    }

    [Fact]
    public void A_gradient_lost_in_the_noise_means_a_batch_below_the_critical_one()
    {
        var noise = new NoiseEstimate(1, -1, null, 50);
        NoiseVerdict.PlaceOf(noise, 64).ShouldBe(BatchPlace.Below);
        NoiseVerdict.Describe(noise, 64, 8).ShouldBe(
            "critical batch: too large to be told with batches of 64; your batch of 64 is below it");
    }
}
