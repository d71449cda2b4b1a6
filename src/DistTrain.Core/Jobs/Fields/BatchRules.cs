namespace DistTrain.Core.Jobs.Fields;

/// <summary>What must hold of a batch that changes.</summary>
internal static class BatchRules
{
    public static IReadOnlyList<JobRule> All { get; } =
    [
        new("A batch that changes needs its milestones.",
            [BatchScheduleFields.Milestones, "batch.schedule.name"],
            v => v["batch.schedule.name"] is BatchScheduleKind.Steps or BatchScheduleKind.Grow
                && Milestones(v) is null
                ? "is missing; give the epochs at which the batch changes, such as [2, 4]" : null),
        new("steps has as many sizes as milestones.",
            [BatchScheduleFields.Sizes, BatchScheduleFields.Milestones, "batch.schedule.name"],
            v => v["batch.schedule.name"] is BatchScheduleKind.Steps && Milestones(v) is { } milestones
                && Sizes(v).Count != milestones.Count
                ? $"{Count(Sizes(v).Count, "size")} for {Count(milestones.Count, "milestone")}; give one for "
                    + "each" : null),
        new("Every size is at least batch.shards: every shard has a sample.",
            [BatchScheduleFields.Sizes, "batch.shards"],
            v => Sizes(v) is { Count: > 0 } sizes && sizes.Min() < (int)v["batch.shards"]!
                ? $"{sizes.Min()} is less than batch.shards, {v["batch.shards"]}: some shards would have no "
                    + "sample" : null),
        new("adascale never shrinks the batch below learningRate.referenceBatch.",
            [BatchScheduleFields.Sizes, "learningRate.scaling", "learningRate.referenceBatch"],
            v => v["learningRate.scaling"] is ScalingRule.AdaScale && Sizes(v) is { Count: > 0 } sizes
                && v["learningRate.referenceBatch"] is int reference && sizes.Min() < reference
                ? $"{sizes.Min()} is less than learningRate.referenceBatch, {reference}: adascale "
                    + "knows gains of larger batches only" : null),
        new("batch.schedule.most is at least batch.global.", [BatchScheduleFields.Most, "batch.global"],
            v => v[BatchScheduleFields.Most] is int most && most < (int)v["batch.global"]!
                ? $"{most} is less than batch.global, {v["batch.global"]}" : null),
        new("The batch changes before the end (a warning).", [BatchScheduleFields.Milestones, "epochs"],
            v => Milestones(v) is { } milestones && milestones[^1] >= (int)v["epochs"]!
                ? $"{milestones[^1]} is never reached; epochs is {v["epochs"]}" : null, IsHarmless: true),
    ];

    private static IReadOnlyList<int>? Milestones(IFieldValues values)
        => values[BatchScheduleFields.Milestones] as IReadOnlyList<int>;

    private static IReadOnlyList<int> Sizes(IFieldValues values)
        => values[BatchScheduleFields.Sizes] as IReadOnlyList<int> ?? [];

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
