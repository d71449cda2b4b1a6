using DistTrain.Core.Schedules;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>What must hold between fields that each are fine on their own.</summary>
/// <param name="Doc">For the reference page.</param>
/// <param name="Paths">Fields it speaks of; the first is named in the message.</param>
/// <param name="Broken">What is wrong; null: nothing.</param>
/// <param name="IsHarmless">A warning instead of a fault.</param>
internal sealed record JobRule(
    string Doc, string[] Paths, Func<IFieldValues, string?> Broken, bool IsHarmless = false);

/// <summary>The rules, and how they are checked.</summary>
internal static class JobRules
{
    public static IReadOnlyList<JobRule> All { get; } =
    [
        new("batch.shards is at most batch.global: every shard has a sample.",
            ["batch.shards", "batch.global"],
            v => Whole(v, "batch.shards") > Whole(v, "batch.global")
                ? $"{v["batch.shards"]} is more than batch.global, {v["batch.global"]}" : null),
        new("workers.min is at most workers.max.", ["workers.min", "workers.max"],
            v => Whole(v, "workers.min") > Whole(v, "workers.max")
                ? $"{v["workers.min"]} is more than workers.max, {v["workers.max"]}" : null),
        new("A csv set needs dataset.path and dataset.label.", ["dataset.path", "dataset.name"],
            v => v["dataset.name"] is "csv" && v["dataset.path"] is null
                ? "is missing; a csv set needs its training file" : null),
        new("", ["dataset.label", "dataset.name"],
            v => v["dataset.name"] is "csv" && v["dataset.label"] is null
                ? "is missing; a csv set needs the name of its label column" : null),
        new("model.assembly needs model.type.", ["model.type", "model.assembly"],
            v => v["model.assembly"] is not null && v["model.type"] is null
                ? "is missing; give the full name of the module's type in model.assembly" : null),
        new("A module of your own computes in float32.", ["precision", "model.assembly"],
            v => v["model.assembly"] is not null && v["precision"] is not Precision.Float32
                ? "is not for model.assembly; a module of your own computes in float32" : null),
        new("dataset.validation is less than dataset.train: something is left to train on.",
            ["dataset.validation", "dataset.train"],
            v => v["dataset.train"] is int train && Whole(v, "dataset.validation") >= train
                ? $"{v["dataset.validation"]} leaves nothing to train on; dataset.train is {train}" : null),
        new("cross-entropy goes with classes, mse with a regression.",
            ["loss.name", "dataset.task", "dataset.name"],
            v => (v["dataset.task"] is "regression", v["loss.name"] is LossKind.MeanSquaredError) switch
            {
                (false, true) => "\"mse\" needs numbers as labels: a csv set with the task \"regression\"",
                (true, false) => "\"cross-entropy\" needs classes as labels; a regression goes with \"mse\"",
                _ => null,
            }),
        new("Watching a validation metric needs a validation set.",
            ["earlyStopping.metric", "earlyStopping", "dataset.validation", "dataset.name"],
            v => NeedsValidation(v, "earlyStopping.metric")),
        new("So does reduce-on-plateau.",
            [
                "learningRate.schedule.metric", "learningRate.schedule.name", "dataset.validation",
                "dataset.name",
            ],
            v => NeedsValidation(v, "learningRate.schedule.metric")),
        new("Watching an accuracy needs classes.", ["earlyStopping.metric", "dataset.task"],
            v => NeedsClasses(v, "earlyStopping.metric")),
        new("So does reduce-on-plateau's metric.", ["learningRate.schedule.metric", "dataset.task"],
            v => NeedsClasses(v, "learningRate.schedule.metric")),
        new("Warm-up is over when training is.", ["learningRate.warmupEpochs", "epochs"],
            v => v["learningRate.warmupEpochs"] is double warmup && warmup > Whole(v, "epochs")
                ? $"{warmup} is more than epochs, {v["epochs"]}" : null),
        new("learningRate.warmupStart and minimumRate are not above the rate of the job's batch.",
            ["learningRate.schedule.minimumRate", "learningRate.base"],
            v => v["learningRate.schedule.minimumRate"] is double least && least > ScaledRate(v)
                ? $"{least} is more than the rate of this batch, {ScaledRate(v)}" : null),
        new("", ["learningRate.warmupStart", "learningRate.base"],
            v => v["learningRate.warmupStart"] is double start && start > ScaledRate(v)
                ? $"{start} is more than the rate of this batch, {ScaledRate(v)}" : null),
        new("adascale starts from a batch that is at least referenceBatch: its gain is never below 1.",
            ["learningRate.scaling", "batch.global", "learningRate.referenceBatch"],
            v => v["learningRate.scaling"] is ScalingRule.AdaScale && Growth(v) < 1
                ? $"\"adascale\" needs a batch.global of at least learningRate.referenceBatch, "
                    + $"{v["learningRate.referenceBatch"]}; it is {v["batch.global"]}" : null),
        new("adascale needs two shards: its gain comes from how their gradients differ.",
            ["learningRate.scaling", "batch.shards"],
            v => v["learningRate.scaling"] is ScalingRule.AdaScale && Whole(v, "batch.shards") < 2
                ? "\"adascale\" needs at least 2 shards, for its gain comes from how their gradients differ; "
                    + $"batch.shards is {v["batch.shards"]}" : null),
        new("legew without a warm-up has only a rate to scale (a warning).",
            ["learningRate.scaling", "learningRate.warmupEpochs", "learningRate.schedule.name"],
            v => v["learningRate.scaling"] is ScalingRule.Legew
                && v["learningRate.warmupEpochs"] is not > 0.0
                ? "\"legew\" stretches the warm-up with the batch, and there is none: it is \"sqrt\" here"
                : null, IsHarmless: true),
        new("Milestones lie before the end (a warning).", ["learningRate.schedule.milestones", "epochs"],
            v => v["learningRate.schedule.milestones"] is IReadOnlyList<double> milestones
                && milestones[^1] >= Whole(v, "epochs")
                ? $"{milestones[^1]} is never reached; epochs is {v["epochs"]}" : null, IsHarmless: true),
        new("Workers beyond batch.shards have nothing to do (a warning).", ["workers.max", "batch.shards"],
            v => Whole(v, "workers.max") > Whole(v, "batch.shards")
                && Whole(v, "workers.max") < WorkersSpec.AsManyAsCome
                ? $"{v["workers.max"]} is more than batch.shards, {v["batch.shards"]}: some would idle"
                : null,
            IsHarmless: true),
        .. BatchRules.All,
        .. LengthRules.All,
    ];

    /// <summary>
    /// Checks every rule whose fields can be trusted. A warning is given only about a field that somebody
    /// wrote.
    /// </summary>
    public static void Check(FieldResolver<JobSpec> values, ReadContext context)
    {
        foreach (var rule in All)
        {
            if (rule.Paths.Any(values.IsDoubtful) || rule.Broken(values) is not { } what)
                continue;
            var places = rule.Paths.Select(values.OriginOf).OfType<Documents.Origin>().ToList();
            var place = places.Find(p => p.IsOverride) ?? places.FirstOrDefault() ?? context.File;
            if (!rule.IsHarmless)
                context.Problems.Add(place, rule.Paths[0], what);
            else if (values.OriginOf(rule.Paths[0]) is not null)
                context.Warnings.Add(place.Say(rule.Paths[0], what));
        }
    }

    private static int Whole(IFieldValues values, string path) => (int)values[path]!;

    private static string? NeedsValidation(IFieldValues values, string path)
        => values[path] is StoppingMetric.ValidationLoss or StoppingMetric.ValidationAccuracy
            && Whole(values, "dataset.validation") == 0
            ? $"{CommonTypes.Metric.Show(values[path]!)} needs a validation set; dataset.validation is 0"
            : null;

    private static string? NeedsClasses(IFieldValues values, string path)
        => values[path] is StoppingMetric.ValidationAccuracy or StoppingMetric.TrainAccuracy
            && values["dataset.task"] is "regression"
            ? $"{CommonTypes.Metric.Show(values[path]!)} needs classes; a regression has only a loss" : null;

    private static double ScaledRate(IFieldValues values)
    {
        double rate = (double)values["learningRate.base"]!;
        return values["learningRate.scaling"] is ScalingRule rule && rule != ScalingRule.None
            ? rate * BatchScaling.RateFactor(rule, Growth(values)) : rate;
    }

    private static double Growth(IFieldValues values)
        => (double)Whole(values, "batch.global") / Whole(values, "learningRate.referenceBatch");
}
