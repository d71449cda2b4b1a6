using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Stopping;

/// <summary>Whether a validation reaches a job's target. A pure function; NaN never does.</summary>
public static class TargetPolicy
{
    public static bool IsReached(TargetSpec target, EvaluationMetrics validation) => target.Metric switch
    {
        StoppingMetric.ValidationLoss => validation.Loss <= target.Value,
        StoppingMetric.ValidationAccuracy => validation.Accuracy >= target.Value,
        _ => throw new ArgumentOutOfRangeException(
            nameof(target), target.Metric, "A target is a validation metric."),
    };
}
