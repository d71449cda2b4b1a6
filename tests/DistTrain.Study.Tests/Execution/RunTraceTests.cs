using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Execution;

namespace DistTrain.Study.Tests.Execution;

public sealed class RunTraceTests
{
    private readonly RunTrace _trace = new(StoppingMetric.ValidationAccuracy);

    [Fact]
    public void Time_and_samples_until_a_step_are_those_of_the_steps_before_it()
    {
        Tell(0, 1, 2, 3);
        _trace.SecondsUntil(3).ShouldBe(3);
        _trace.SamplesUntil(3).ShouldBe(30);
        _trace.SamplesUntil(4).ShouldBe(40);
    }

    [Fact]
    public void Steps_told_again_replace_what_was_told()
    {
        Tell(0, 1, 2, 3, 2, 3);
        _trace.SamplesUntil(4).ShouldBe(40);
    }

    [Fact]
    public void Steps_that_were_left_out_count_as_the_mean_of_the_others()
    {
        Tell(0, 2);
        _trace.SecondsUntil(4).ShouldBe(4);
    }

    [Fact]
    public void The_best_is_kept_of_epochs_and_of_validations_between()
    {
        _trace.OnEpoch(Epoch(0.5));
        _trace.OnValidation(new ValidationPoint(3, 30, new EvaluationMetrics(1, 0.7, 10)));
        _trace.OnEpoch(Epoch(0.6));
        _trace.OnEpoch(Epoch(null));
        _trace.Best.ShouldBe(0.7);
    }

    [Theory]
    [InlineData(StoppingMetric.ValidationAccuracy, 0.6, 0.5, true)]
    [InlineData(StoppingMetric.ValidationLoss, 0.6, 0.5, false)]
    [InlineData(StoppingMetric.ValidationLoss, 0.6, double.NaN, true)]
    [InlineData(StoppingMetric.ValidationLoss, double.NaN, 0.6, false)]
    [InlineData(StoppingMetric.ValidationAccuracy, double.NaN, double.NaN, false)]
    public void Which_of_two_values_is_better(StoppingMetric metric, double value, double than, bool expected)
        => RunTrace.IsBetter(metric, value, than).ShouldBe(expected);

    private void Tell(params int[] steps)
    {
        foreach (int step in steps)
        {
            _trace.OnStep(new StepMetrics(step, 1, 1, null, 1, 10, 1, false, TimeSpan.FromSeconds(1)));
        }
    }

    private static EpochMetrics Epoch(double? accuracy) => new(
        1, 2, new EvaluationMetrics(1, 1, 1),
        accuracy is null ? null : new EvaluationMetrics(1, accuracy, 1), 1, TimeSpan.Zero, 1, false);
}
