namespace DistTrain.Core.Jobs.Fields;

/// <summary>What must hold of a target, and of validations between epochs.</summary>
internal static class LengthRules
{
    public static IReadOnlyList<JobRule> All { get; } =
    [
        new("Validating every N steps needs a validation set.",
            ["validateEverySteps", "dataset.validation", "dataset.name"],
            v => v["validateEverySteps"] is not null && HasNoValidation(v)
                ? "needs a validation set; dataset.validation is 0" : null),
        new("A target has a value.", ["target.value", "target.metric", "target.stop", "target"],
            v => v["target.metric"] is not null && v["target.value"] is null
                ? "is missing; give the value to reach, such as 0.99" : null),
        new("A target needs a validation set.",
            ["target.metric", "target", "dataset.validation", "dataset.name"],
            v => v["target.metric"] is not null && HasNoValidation(v)
                ? "needs a validation set; dataset.validation is 0" : null),
        new("A target accuracy needs classes.", ["target.metric", "dataset.task"],
            v => IsAccuracy(v) && v["dataset.task"] is "regression"
                ? "\"validation-accuracy\" needs classes; a regression has only a loss" : null),
        new("A target accuracy is at most 1.", ["target.value", "target.metric"],
            v => IsAccuracy(v) && v["target.value"] is double value && value > 1
                ? $"{value} is more than 1, which no accuracy is; 99 % is 0.99" : null),
    ];

    private static bool HasNoValidation(IFieldValues values) => values["dataset.validation"] is 0;

    private static bool IsAccuracy(IFieldValues values)
        => values["target.metric"] is StoppingMetric.ValidationAccuracy;
}
