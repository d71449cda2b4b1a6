using DistTrain.Core.Jobs;
using DistTrain.Study.Execution;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Tests.Execution;

public sealed class HalvingRuleTests
{
    private readonly HalvingRule _accuracy =
        new(new HalvingSpec([2, 4], 0.5), StoppingMetric.ValidationAccuracy);

    [Fact]
    public void The_first_at_a_rung_goes_on_whatever_it_shows()
        => _accuracy.GoesOn("a", "1", 2, double.NaN).ShouldBeTrue();

    [Fact]
    public void Those_beyond_the_best_share_are_given_up()
    {
        double[] values = [0.5, 0.6, 0.4, 0.55, 0.7];
        values.Select((value, i) => _accuracy.GoesOn("a", $"{i}", 2, value))
            .ShouldBe([true, true, false, true, true]);
    }

    [Fact]
    public void Nobody_is_judged_between_rungs()
    {
        _accuracy.GoesOn("a", "1", 2, 0.9);
        _accuracy.GoesOn("a", "2", 3, 0.1).ShouldBeTrue();
    }

    [Fact]
    public void Settings_and_rungs_are_apart()
    {
        _accuracy.GoesOn("a", "1", 2, 0.9);
        _accuracy.GoesOn("b", "2", 2, 0.1).ShouldBeTrue();
        _accuracy.GoesOn("a", "3", 4, 0.1).ShouldBeTrue();
    }

    [Fact]
    public void A_loss_is_better_when_smaller_and_nothing_is_worse_than_nan()
    {
        var loss = new HalvingRule(new HalvingSpec([1], 0.5), StoppingMetric.ValidationLoss);
        loss.GoesOn("a", "1", 1, 0.5).ShouldBeTrue();
        loss.GoesOn("a", "2", 1, 0.6).ShouldBeFalse();
        loss.GoesOn("a", "3", 1, 0.4).ShouldBeTrue();
        loss.GoesOn("a", "4", 1, null).ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_tells_its_rung_again_is_counted_once()
    {
        _accuracy.GoesOn("a", "1", 2, 0.5).ShouldBeTrue();
        _accuracy.GoesOn("a", "1", 2, 0.5).ShouldBeTrue();
        _accuracy.GoesOn("a", "2", 2, 0.4).ShouldBeFalse();
    }
}
