using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Coordinator;

public sealed class StepTraceTests
{
    private readonly StepTrace _trace = new();

    [Fact]
    public void What_fits_is_kept_whole()
    {
        Add(100);
        Steps().ShouldBe(Enumerable.Range(0, 100).Select(step => (long)step));
        _trace.Clear();
        Steps().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StepTrace.Most + 1)]
    [InlineData(3 * StepTrace.Most)]
    [InlineData(10 * StepTrace.Most + 7)]
    public void What_does_not_is_thinned_evenly_from_the_first_step_to_the_last(int count)
    {
        Add(count);
        long[] steps = Steps();
        steps.Length.ShouldBeInRange(StepTrace.Most / 2, StepTrace.Most + 1);
        steps[0].ShouldBe(0);
        steps[^1].ShouldBe(count - 1);
        long[] gaps = [.. steps.Zip(steps.Skip(1), (a, b) => b - a)];
        gaps[..^1].Distinct().ShouldHaveSingleItem();
        gaps[^1].ShouldBeInRange(1, gaps[0]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(10, 10)]
    [InlineData(10, 2)]
    [InlineData(1_000, 7)]
    public void Thinning_keeps_both_ends_and_no_more_than_wanted(int count, int points)
    {
        Add(count);
        IReadOnlyList<StepMetrics> thin = StepTrace.Thin(_trace.Steps, points);
        thin.Count.ShouldBe(Math.Min(count, points));
        thin[0].Step.ShouldBe(0);
        thin[^1].Step.ShouldBe(count - 1);
        thin.Select(step => step.Step).ShouldBe(thin.Select(step => step.Step).Distinct().Order());
    }

    private long[] Steps() => [.. _trace.Steps.Select(step => step.Step)];

    private void Add(int count)
    {
        for (int step = 0; step < count; step++)
        {
            _trace.Add(new StepMetrics(step, 1, 1, null, 0.1, 32, 1, Skipped: false, TimeSpan.Zero));
        }
    }
}
