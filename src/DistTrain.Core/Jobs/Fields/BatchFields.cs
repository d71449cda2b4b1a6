namespace DistTrain.Core.Jobs.Fields;

/// <summary>batch: the samples of a step.</summary>
internal static class BatchFields
{
    public static Section<JobSpec, BatchSpec> Section { get; } = new(
        "batch", "How many samples make a step, and into how many parts they are cut.",
        job => job.Batch, (job, batch) => job with { Batch = batch });

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("global", new WholeType<int>(1, 1 << 24),
            batch => batch.Global, (batch, v) => batch with { Global = v },
            "Samples of one step, over all workers together.") with
        {
            Unit = "samples", Default = FieldDefault.Of(64), Flag = ("--batch", "N"),
        },
        Section.Field("shards", new WholeType<int>(1, 1 << 16),
            batch => batch.Shards, (batch, v) => batch with { Shards = v },
            "Parts a global batch is cut into. Part of the science: set it to compare runs, and at least as "
            + "high as the most workers you plan to use.") with
        {
            Default = FieldDefault.From("workers at the start, rounded up to a power of two", DefaultShards),
            Flag = ("--shards", "N"),
        },
        .. BatchScheduleFields.All,
    ];

    /// <summary>Never above any batch: a shard without a sample would be no help to anyone.</summary>
    private static object DefaultShards(IFieldValues values)
    {
        int workers = Math.Clamp(values.Workers, (int)values["workers.min"]!,
            Math.Max((int)values["workers.min"]!, (int)values["workers.max"]!));
        int least = ((values[BatchScheduleFields.Sizes] as IReadOnlyList<int>) ?? [])
            .Append((int)values["batch.global"]!).Min();
        int shards = 1;
        while (shards < workers && shards * 2 <= least)
            shards *= 2;
        return shards;
    }
}
