using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Tests.Stopping;

public sealed class TargetPolicyTests
{
    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.49, true)]
    [InlineData(0.51, false)]
    [InlineData(double.NaN, false)]
    public void A_loss_is_reached_from_above(double loss, bool reached)
        => TargetPolicy.IsReached(
            new TargetSpec(StoppingMetric.ValidationLoss, 0.5, Stop: true), new(loss, 1, 10))
            .ShouldBe(reached);

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(0.95, true)]
    [InlineData(0.89, false)]
    [InlineData(null, false)]
    public void An_accuracy_is_reached_from_below(double? accuracy, bool reached)
        => TargetPolicy.IsReached(
            new TargetSpec(StoppingMetric.ValidationAccuracy, 0.9, Stop: true), new(0, accuracy, 10))
            .ShouldBe(reached);
}
