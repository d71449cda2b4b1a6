using DistTrain.Study.Execution;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Execution;

public sealed class TimeEstimateTests
{
    private readonly TimeEstimate _estimate = new();

    [Fact]
    public void Nothing_is_guessed_before_anything_was_measured()
        => _estimate.SecondsFor(SmallStudy.AnyJob(), 100).ShouldBeNull();

    [Fact]
    public void The_nearest_batch_counts_on_a_scale_of_ratios()
    {
        _estimate.Add(4, 1, 100, 50);
        _estimate.Add(100, 1, 100, 10);
        // 32 is eight times 4 and a third of 100.
        _estimate.SecondsFor(SmallStudy.AnyJob(), 200).ShouldBe(20);
    }

    [Fact]
    public void Runs_of_one_batch_are_averaged_by_their_samples()
    {
        _estimate.Add(32, 1, 100, 10);
        _estimate.Add(32, 1, 300, 10);
        _estimate.SecondsFor(SmallStudy.AnyJob(), 400).ShouldBe(20);
    }

    [Fact]
    public void A_copy_that_knows_more_leaves_the_original_as_it_was()
    {
        TimeEstimate more = _estimate.With([(SmallStudy.AnyJob(), 10, 1)]);
        more.SecondsFor(SmallStudy.AnyJob(), 20).ShouldBe(2);
        _estimate.SecondsFor(SmallStudy.AnyJob(), 20).ShouldBeNull();
    }
}
