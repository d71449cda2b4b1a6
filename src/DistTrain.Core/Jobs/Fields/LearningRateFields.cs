namespace DistTrain.Core.Jobs.Fields;

/// <summary>learningRate: the size of a step, and how it follows the batch and the time.</summary>
internal static class LearningRateFields
{
    private static readonly Section<JobSpec, LearningRateSpec> Section = new(
        "learningRate", "The rate, how it follows the batch's size, and how it starts (Goyal et al. 2017).",
        job => job.LearningRate, (job, rate) => job with { LearningRate = rate });

    public static ChoiceType<ScalingRule> Scaling { get; } = new(
        ("none", ScalingRule.None), ("linear", ScalingRule.Linear), ("sqrt", ScalingRule.Sqrt),
        ("legew", ScalingRule.Legew), ("adascale", ScalingRule.AdaScale));

    public static IReadOnlyList<SectionInfo<JobSpec>> Sections { get; } =
        [Section.Info, ScheduleFields.Section.Info];

    public static LearningRateSpec Blank { get; } = new()
    {
        Base = 0,
        ReferenceBatch = 0,
        Scaling = ScalingRule.None,
        WarmupEpochs = 0,
        Schedule = new ScheduleSpec { Kind = ScheduleKind.Constant },
    };

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("base", NumberType.Positive, r => r.Base, (r, v) => r with { Base = v },
            "η₀, the rate that suits a batch of referenceBatch samples.") with
        {
            Flag = ("--lr", "RATE"),
            Default = FieldDefault.From("sgd: 0.05, lars: 5, lamb: 0.01, others: 0.001",
                v => v["optimizer.name"] switch
                {
                    OptimizerKind.Sgd => 0.05,
                    OptimizerKind.Lars => 5.0,
                    OptimizerKind.Lamb => 0.01,
                    _ => 0.001,
                }),
        },
        Section.Field("referenceBatch", new WholeType<int>(1, 1 << 24),
            r => r.ReferenceBatch, (r, v) => r with { ReferenceBatch = v },
            "The batch that base was found with.") with
        {
            Unit = "samples", Flag = ("--reference-batch", "N"), Default = FieldDefault.Of(64),
            IsHarmless = true,
            Conditions = [Condition.IsNot("learningRate.scaling", Scaling, ScalingRule.None)],
        },
        Section.Field("scaling", Scaling, r => r.Scaling, (r, v) => r with { Scaling = v },
            "How the rate follows the batch B, k = B/referenceBatch: linear η₀·k (Goyal et al. 2017), sqrt "
            + "η₀·√k (Krizhevsky 2014), legew η₀·√k and warmupEpochs·k (You et al. 2019), adascale η₀·r with "
            + "the gain r of each step, (tr Σ/referenceBatch + ‖G‖²)/(tr Σ/B + ‖G‖²), whose sum is the time "
            + "that warm-up, schedule and the run's end count (Johnson et al. 2020).") with
        {
            Flag = ("--scaling", "RULE"),
            Default = FieldDefault.From("sgd: linear, others: sqrt (Malladi et al. 2022)",
                v => v["optimizer.name"] is OptimizerKind.Sgd ? ScalingRule.Linear : ScalingRule.Sqrt),
        },
        Section.Field("warmupEpochs", NumberType.NotNegative,
            r => r.WarmupEpochs, (r, v) => r with { WarmupEpochs = v },
            "Length of the warm-up: the rate rises linearly with every step. Fractions are allowed.") with
        {
            Unit = "epochs", Flag = ("--warmup", "EPOCHS"), Default = FieldDefault.Of(0.0),
            Conditions =
            [
                Condition.IsNot("learningRate.schedule.name", ScheduleFields.Name, ScheduleKind.OneCycle),
            ],
        },
        Section.Field("warmupStart", NumberType.NotNegative,
            r => r.WarmupStart, (r, v) => r with { WarmupStart = v },
            "The rate warm-up starts from; without it η₀ where scaling raises the rate, otherwise 0.") with
        { Optional = true, Conditions = [Condition.Positive("learningRate.warmupEpochs")] },
        .. ScheduleFields.All,
    ];
}
