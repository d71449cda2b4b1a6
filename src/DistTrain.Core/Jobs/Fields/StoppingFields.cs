namespace DistTrain.Core.Jobs.Fields;

/// <summary>earlyStopping: when to give up; a job without the section trains to its last epoch.</summary>
internal static class StoppingFields
{
    private static readonly EarlyStoppingSpec Blank =
        new() { Metric = StoppingMetric.ValidationLoss, Patience = 0 };

    public static Section<JobSpec, EarlyStoppingSpec> Section { get; } = new(
        "earlyStopping", "Ends training when a metric no longer improves; null or absent: off.",
        job => job.EarlyStopping ?? Blank, (job, stopping) => job with { EarlyStopping = stopping })
    { Present = job => job.EarlyStopping is not null };

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("metric", CommonTypes.Metric, s => s.Metric, (s, v) => s with { Metric = v },
            "The metric watched, once an epoch; losses improve downward, accuracies upward.") with
        { Default = FieldDefault.Of(StoppingMetric.ValidationLoss) },
        Section.Field("patience", new WholeType<int>(1, 1_000_000),
            s => s.Patience, (s, v) => s with { Patience = v },
            "Epochs without improvement after which training stops.") with
        { Unit = "epochs", Default = FieldDefault.Of(3), Flag = ("--patience", "N") },
        Section.Field("minDelta", NumberType.NotNegative, s => s.MinDelta, (s, v) => s with { MinDelta = v },
            "The smallest change that counts as improvement.") with
        { Default = FieldDefault.Of(0.0) },
        Section.Field("restoreBest", CommonTypes.Flag,
            s => s.RestoreBest, (s, v) => s with { RestoreBest = v },
            "End with the weights of the best epoch instead of the last.") with
        { Default = FieldDefault.Of(true) },
    ];
}
