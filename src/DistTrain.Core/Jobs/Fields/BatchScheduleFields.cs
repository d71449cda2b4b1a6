namespace DistTrain.Core.Jobs.Fields;

/// <summary>batch.schedule: how the global batch changes with the epochs.</summary>
internal static class BatchScheduleFields
{
    public const string Milestones = "batch.schedule.milestones";
    public const string Sizes = "batch.schedule.sizes";
    public const string Most = "batch.schedule.most";

    public static ChoiceType<BatchScheduleKind> Name { get; } = new(
        ("constant", BatchScheduleKind.Constant), ("steps", BatchScheduleKind.Steps),
        ("grow", BatchScheduleKind.Grow));

    public static Section<JobSpec, BatchScheduleSpec> Section { get; } = new(
        "batch.schedule", "How the global batch changes with the epochs; the number of shards never does.",
        job => job.Batch.Schedule, (job, v) => job with { Batch = job.Batch with { Schedule = v } });

    private static readonly Condition[] Changing =
        [Condition.Is("batch.schedule.name", Name, BatchScheduleKind.Steps, BatchScheduleKind.Grow)];

    private static readonly Condition[] Grow =
        [Condition.Is("batch.schedule.name", Name, BatchScheduleKind.Grow)];

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("name", Name, s => s.Kind, (s, v) => s with { Kind = v },
            "constant, steps (a size of its own from each milestone on), or grow (times factor at each "
            + "milestone, where a decay would divide the rate: Smith et al. 2018).") with
        { Default = FieldDefault.Of(BatchScheduleKind.Constant) },
        Section.Field("milestones", new ListType<int>(
                new WholeType<int>(1, 1_000_000), "a list of rising epochs, such as [2, 4]", 1000,
                increasing: true),
            s => s.Milestones, (s, v) => s with { Milestones = v },
            "The batch changes when this many epochs are done.") with
        { Unit = "epochs", Optional = true, Conditions = Changing },
        Section.Field("sizes", new ListType<int>(
                new WholeType<int>(1, 1 << 24), "a list of batches, such as [128, 256]", 1000),
            s => s.Sizes, (s, v) => s with { Sizes = v },
            "The global batch from each milestone on, larger or smaller than before.") with
        {
            Unit = "samples", Optional = true,
            Conditions = [Condition.Is("batch.schedule.name", Name, BatchScheduleKind.Steps)],
        },
        Section.Field("factor", NumberType.Above(1), s => s.Factor, (s, v) => s with { Factor = v },
            "The batch grows by this at each milestone, rounded to whole samples.") with
        { Conditions = Grow, Default = FieldDefault.Of(2.0) },
        Section.Field("most", new WholeType<int>(1, 1 << 24), s => s.Most, (s, v) => s with { Most = v },
            "It never grows above this, nor above the training set.") with
        { Unit = "samples", Optional = true, Conditions = Grow },
        Section.Field("rescale", CommonTypes.Flag, s => s.Rescale, (s, v) => s with { Rescale = v },
            "The scaling rule follows the batch of the hour; false: the rate stays that of the first batch.")
        with
        { Conditions = Changing, Default = FieldDefault.Of(false) },
    ];
}
