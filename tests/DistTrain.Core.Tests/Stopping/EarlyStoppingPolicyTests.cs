using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Tests.Stopping;

public sealed class EarlyStoppingPolicyTests
{
    [Fact]
    public void The_third_epoch_without_improvement_is_the_last_with_patience_three()
        => Run(Spec(patience: 3), [1, 0.8, 0.9, 0.8, 0.85, 0.1]).ShouldBe((5, 2, 0.8));

    [Fact]
    public void An_improvement_starts_the_count_anew()
        => Run(Spec(patience: 2), [1, 1.1, 0.9, 1.0, 0.8, 1, 1, 0.1]).ShouldBe((7, 5, 0.8));

    [Fact]
    public void Accuracy_improves_upward()
        => Run(Spec(patience: 1, metric: StoppingMetric.ValidationAccuracy), [0.5, 0.6, 0.7, 0.7, 0.9])
            .ShouldBe((4, 3, 0.7));

    [Fact]
    public void A_change_within_the_minimum_delta_is_none()
    {
        Run(Spec(patience: 2, minDelta: 0.1), [1, 0.95, 0.91, 0.5]).ShouldBe((3, 1, 1));
        Run(Spec(patience: 2, minDelta: 0.1), [1, 0.95, 0.85, 0.85, 0.85]).ShouldBe((5, 3, 0.85));
    }

    [Fact]
    public void Small_steps_add_up_to_an_improvement_over_the_best()
        => Run(Spec(patience: 3, minDelta: 0.1), [1, 0.95, 0.92, 0.89, 0.9, 0.9, 0.9]).ShouldBe((7, 4, 0.89));

    [Fact]
    public void A_patience_of_zero_stops_at_the_first_epoch_that_is_no_better()
        => Run(Spec(patience: 0), [1, 0.9, 0.9, 0.1]).ShouldBe((3, 2, 0.9));

    [Fact]
    public void NaN_and_an_infinite_loss_never_improve()
    {
        Run(Spec(patience: 2), [double.NaN, double.PositiveInfinity, 1]).ShouldBe((2, 0, null));
        Run(Spec(patience: 2), [double.NaN, 1, double.NaN, 0.5, double.NaN, double.NaN])
            .ShouldBe((6, 4, 0.5));
        Run(Spec(1, StoppingMetric.TrainAccuracy), [double.NaN, 1]).ShouldBe((1, 0, null));
    }

    [Theory]
    [InlineData(StoppingMetric.TrainLoss, 1.0)]
    [InlineData(StoppingMetric.TrainAccuracy, 0.5)]
    [InlineData(StoppingMetric.ValidationLoss, 2.0)]
    [InlineData(StoppingMetric.ValidationAccuracy, 0.4)]
    public void A_metric_is_read_from_its_split(StoppingMetric metric, double expected)
        => EarlyStoppingPolicy.Watched(metric, new(1, 0.5, 10), new(2, 0.4, 10)).ShouldBe(expected);

    [Fact]
    public void What_was_not_measured_cannot_be_watched()
    {
        EvaluationMetrics regression = new(1, null, 10);
        EarlyStoppingPolicy.Watched(StoppingMetric.ValidationLoss, regression, null).ShouldBeNull();
        EarlyStoppingPolicy.Watched(StoppingMetric.TrainAccuracy, regression, null).ShouldBeNull();
        EarlyStoppingPolicy.Watched(StoppingMetric.ValidationAccuracy, regression, regression).ShouldBeNull();
    }

    /// <summary>Feeds values until it stops: the last epoch, the best epoch, the best value.</summary>
    private static (int Last, int BestEpoch, double? Best) Run(EarlyStoppingSpec spec, double[] values)
    {
        EarlyStoppingPolicy policy = new(spec);
        EarlyStoppingState state = new();
        for (int epoch = 1; epoch <= values.Length; epoch++)
        {
            EarlyStoppingDecision decision = policy.Observe(state, epoch, values[epoch - 1]);
            decision.Improved.ShouldBe(decision.State.BestEpoch == epoch);
            state = decision.State;
            if (decision.Stop)
                return (epoch, state.BestEpoch, state.Best);
        }
        throw new InvalidOperationException("It never stopped.");
    }

    private static EarlyStoppingSpec Spec(
        int patience, StoppingMetric metric = StoppingMetric.ValidationLoss, double minDelta = 0)
        => new() { Metric = metric, Patience = patience, MinDelta = minDelta };
}
