using DistTrain.Core.Jobs;

namespace DistTrain.Study.Reports;

/// <summary>The study's target in words.</summary>
internal static class TargetText
{
    public static bool IsAccuracy(TargetSpec target)
        => target.Metric is StoppingMetric.ValidationAccuracy or StoppingMetric.TrainAccuracy;

    /// <summary>"98 % validation accuracy", "a validation loss of 0.1".</summary>
    public static string Of(TargetSpec target)
    {
        string split = target.Metric is StoppingMetric.ValidationAccuracy or StoppingMetric.ValidationLoss
            ? "validation" : "training";
        return IsAccuracy(target)
            ? $"{Words.Number(100 * target.Value)}\u00A0% {split} accuracy"
            : $"a {split} loss of {Words.Number(target.Value)}";
    }
}
