using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;

namespace DistTrain.Core.Tests.Schedules;

public sealed class PlateauPolicyTests
{
    private static readonly ScheduleSpec Spec = new()
    {
        Kind = ScheduleKind.ReduceOnPlateau,
        Factor = 0.5,
        Patience = 2,
        Metric = StoppingMetric.ValidationLoss,
    };

    [Fact]
    public void Patience_is_borne_and_the_next_bad_epoch_reduces()
        => Factors(Spec, [1, 1, 1, 1, 1, 1, 1, 1]).ShouldBe([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);

    [Fact]
    public void An_improvement_starts_the_count_anew_and_keeps_the_factor()
        => Factors(Spec, [1, 1, 1, 0.9, 0.9, 0.9, 0.9, 0.8, 0.9])
            .ShouldBe([1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);

    [Fact]
    public void A_patience_of_zero_reduces_at_once()
        => Factors(Spec with { Patience = 0 }, [1, 1, 0.5, 0.6]).ShouldBe([1, 0.5, 0.5, 0.25]);

    [Fact]
    public void Accuracy_improves_upward_by_more_than_the_minimum_delta()
    {
        ScheduleSpec spec =
            Spec with { Metric = StoppingMetric.ValidationAccuracy, MinDelta = 0.1, Patience = 0 };
        Factors(spec, [0.5, 0.55, 0.61, 0.6]).ShouldBe([1, 0.5, 0.5, 0.25]);
    }

    [Fact]
    public void NaN_never_improves()
    {
        Factors(Spec with { Patience = 1 }, [double.NaN, double.NaN, 1, double.NaN, double.NaN])
            .ShouldBe([1, 0.5, 0.5, 0.5, 0.25]);
        PlateauPolicy.Observe(Spec, new PlateauState(), double.NaN).Best.ShouldBeNull();
    }

    internal static double[] Factors(ScheduleSpec spec, double[] values)
    {
        PlateauState state = new();
        return [.. values.Select(value => (state = PlateauPolicy.Observe(spec, state, value)).Factor)];
    }
}
