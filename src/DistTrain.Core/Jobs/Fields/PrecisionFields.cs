namespace DistTrain.Core.Jobs.Fields;

/// <summary>precision, deterministic and lossScaling.</summary>
internal static class PrecisionFields
{
    private static readonly Section<JobSpec, JobSpec> Top =
        new("", "A training job.", job => job, (_, job) => job);

    public static Section<JobSpec, LossScalingSpec> Section { get; } = new(
        "lossScaling",
        "How the loss is scaled so that small gradients are not lost in float16 (Micikevicius et al. 2018). "
        + "A step that overflows is skipped for all workers and lowers the scale.",
        job => job.LossScaling, (job, scaling) => job with { LossScaling = scaling });

    public static ChoiceType<Precision> Type { get; } = new(
        ("float32", Precision.Float32), ("tf32", Precision.Tf32), ("bf16", Precision.Bf16),
        ("fp16", Precision.Fp16));

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Top.Field("precision", Type, job => job.Precision, (job, v) => job with { Precision = v },
            "The numbers that layers compute with; weights and their updates are float32 always. A cpu has "
            + "float32 and bf16, a GPU all.") with
        { Default = FieldDefault.Of(Precision.Float32), Flag = ("--precision", "WORD") },
        Top.Field("deterministic", CommonTypes.Flag,
            job => job.Deterministic, (job, v) => job with { Deterministic = v },
            "false lets a GPU take kernels that may be faster and whose bits differ from run to run; a cpu "
            + "has none.") with
        { Default = FieldDefault.Of(true) },
        Of("initial", new PowerOfTwoType(0, 24), s => s.Initial, (s, v) => s with { Initial = v },
            "What the mean loss is multiplied by at first.", new LossScalingSpec().Initial),
        Of("growth", new PowerOfTwoType(0, 10), s => s.Growth, (s, v) => s with { Growth = v },
            "Factor after growthInterval steps in a row without an overflow; 1: it never grows.",
            new LossScalingSpec().Growth),
        Of("backoff", new PowerOfTwoType(-10, -1), s => s.Backoff, (s, v) => s with { Backoff = v },
            "Factor after an overflow.", new LossScalingSpec().Backoff),
        Of("growthInterval", new WholeType<int>(1, int.MaxValue),
            s => s.GrowthInterval, (s, v) => s with { GrowthInterval = v },
            "Steps without an overflow before the scale grows.",
            new LossScalingSpec().GrowthInterval) with
        { Unit = "steps" },
    ];

    private static Field<JobSpec> Of<T>(
        string name, FieldType<T> type, Func<LossScalingSpec, object?> get,
        Func<LossScalingSpec, T, LossScalingSpec> put, string doc, T value)
        where T : notnull
        => Section.Field(name, type, get, put, doc) with
        {
            Default = FieldDefault.Of(value),
            Conditions = [Condition.Is("precision", Type, Precision.Fp16)],
        };
}
