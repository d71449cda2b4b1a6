using DistTrain.Core.Coordination.Noise;

namespace DistTrain.Core.Tests.Coordination.Noise;

public sealed class NoiseSamplingTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(63, 1)]
    [InlineData(64, 2)]
    [InlineData(127, 2)]
    [InlineData(128, 4)]
    [InlineData(255, 4)]
    [InlineData(256, 8)]
    [InlineData(1_000_000_000_000, 8)]
    public void The_stride_doubles_up_to_eight(long step, int stride)
        => NoiseSampling.StrideOf(step).ShouldBe(stride);

    [Fact]
    public void Every_one_of_the_first_steps_is_taken_and_every_eighth_in_the_end()
    {
        Taken(0, 64).Count().ShouldBe(64);
        Taken(64, 128).Count().ShouldBe(32);
        Taken(256, 300).ShouldBe([256, 264, 272, 280, 288, 296]);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(4096)]
    public void The_steps_taken_stand_for_all_steps_there_are(int steps)
        => Taken(0, steps).Sum(NoiseSampling.StrideOf).ShouldBe(steps);

    private static IEnumerable<long> Taken(int from, int to)
        => Enumerable.Range(from, to - from).Select(step => (long)step).Where(NoiseSampling.Takes);
}
