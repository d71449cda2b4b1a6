using DistTrain.Study.Tuning.Halving;

namespace DistTrain.Study.Tests.Tuning.Halving;

public sealed class SuccessiveHalvingTests
{
    [Fact]
    public void Rungs_lie_at_powers_of_three()
        => Enumerable.Range(1, 30).Where(SuccessiveHalving.IsRung).ShouldBe([1, 3, 9, 27]);

    [Fact]
    public void The_best_third_of_those_who_came_so_far_goes_on()
    {
        var halving = new SuccessiveHalving();
        double[] costs = [0.5, 0.6, 0.4, 0.45, 0.41, 0.42, 0.3];
        costs.Select(cost => halving.GoesOn(1, cost))
            .ShouldBe([true, false, true, false, false, false, true]);
    }

    [Fact]
    public void Between_rungs_nobody_is_given_up()
    {
        var halving = new SuccessiveHalving();
        halving.GoesOn(2, 0.1).ShouldBeTrue();
        halving.GoesOn(2, 9).ShouldBeTrue();
    }

    [Fact]
    public void Of_equals_the_first_goes_on_and_a_cost_that_is_no_number_never_does_twice()
    {
        var halving = new SuccessiveHalving();
        halving.GoesOn(1, 0.5).ShouldBeTrue();
        halving.GoesOn(1, 0.5).ShouldBeFalse();
        halving.GoesOn(1, double.NaN).ShouldBeFalse();
    }

    [Fact]
    public void What_was_before_an_interruption_counts()
    {
        var halving = new SuccessiveHalving();
        halving.Replay([0.5, 0.4, 0.3]);
        halving.GoesOn(1, 0.6).ShouldBeFalse();
        halving.GoesOn(3, 0.35).ShouldBeFalse();
        halving.GoesOn(9, 0.6).ShouldBeTrue();
    }
}
