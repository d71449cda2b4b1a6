namespace DistTrain.Core.Jobs.Fields;

/// <summary>target: what a run is to reach; a job without the section has none.</summary>
internal static class TargetFields
{
    private static readonly TargetSpec Blank = new(StoppingMetric.ValidationAccuracy, 0, Stop: true);

    public static ChoiceType<StoppingMetric> Metric { get; } = new(
        ("validation-accuracy", StoppingMetric.ValidationAccuracy),
        ("validation-loss", StoppingMetric.ValidationLoss));

    public static Section<JobSpec, TargetSpec> Section { get; } = new(
        "target", "A value whose first step is noted (Shallue et al. 2019); null or absent: none.",
        job => job.Target ?? Blank, (job, target) => job with { Target = target })
    { Present = job => job.Target is not null };

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("metric", Metric, t => t.Metric, (t, v) => t with { Metric = v },
            "The metric to reach the value: an accuracy of at least it, a loss of at most it.") with
        {
            Default = FieldDefault.From(
                "validation-accuracy; validation-loss where dataset.task is regression",
                v => v["dataset.task"] is "regression"
                    ? StoppingMetric.ValidationLoss : StoppingMetric.ValidationAccuracy),
        },
        Section.Field("value", NumberType.Positive, t => t.Value, (t, v) => t with { Value = v },
            "The value, such as 0.99 for an accuracy; a target has one.") with
        { Optional = true },
        Section.Field("stop", CommonTypes.Flag, t => t.Stop, (t, v) => t with { Stop = v },
            "End training where it is reached; false: note the step and go on.") with
        { Default = FieldDefault.Of(true) },
    ];
}
