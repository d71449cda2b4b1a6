namespace DistTrain.Core.Jobs.Fields;

/// <summary>learningRate.schedule: how the rate goes on after warm-up.</summary>
internal static class ScheduleFields
{
    public static ChoiceType<ScheduleKind> Name { get; } = new(
        ("constant", ScheduleKind.Constant), ("step", ScheduleKind.Step),
        ("exponential", ScheduleKind.Exponential),
        ("inverse-time", ScheduleKind.InverseTime), ("polynomial", ScheduleKind.Polynomial),
        ("cosine", ScheduleKind.Cosine), ("one-cycle", ScheduleKind.OneCycle),
        ("reduce-on-plateau", ScheduleKind.ReduceOnPlateau), ("sweep", ScheduleKind.Sweep));

    public static Section<JobSpec, ScheduleSpec> Section { get; } = new(
        "learningRate.schedule", "How the rate goes on after warm-up.",
        job => job.LearningRate.Schedule,
        (job, v) => job with { LearningRate = job.LearningRate with { Schedule = v } });

    private static readonly Condition[] Plateau = Only(ScheduleKind.ReduceOnPlateau);
    private static readonly Condition[] OneCycle = Only(ScheduleKind.OneCycle);

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("name", Name, s => s.Kind, (s, v) => s with { Kind = v },
            "constant, step, exponential η₀γᵗ, inverse-time η₀/(1+αt), polynomial, cosine (Loshchilov and "
            + "Hutter 2017), one-cycle (Smith 2018), reduce-on-plateau, or sweep, which lr-find uses.") with
        { Default = FieldDefault.Of(ScheduleKind.Cosine), Flag = ("--schedule", "NAME") },
        Section.Field("gamma", NumberType.Decay, s => s.Gamma, (s, v) => s with { Gamma = v },
            "γ, the factor of each decay; exponential: of each epoch.") with
        {
            Conditions = Only(ScheduleKind.Step, ScheduleKind.Exponential),
            Default = FieldDefault.From("step: 0.1, exponential: 0.9",
                v => v["learningRate.schedule.name"] is ScheduleKind.Step ? 0.1 : 0.9),
        },
        Section.Field("everyEpochs", NumberType.Positive,
            s => s.EveryEpochs, (s, v) => s with { EveryEpochs = v }, "Decay every N epochs.") with
        {
            Unit = "epochs",
            Conditions = [.. Only(ScheduleKind.Step), Condition.Absent("learningRate.schedule.milestones")],
            Default = FieldDefault.From(
                "a third of epochs, at least 1", v => Math.Max(1.0, (int)v["epochs"]! / 3)),
        },
        Section.Field("milestones", new ListType<double>(
                NumberType.Positive, "a list of rising numbers, such as [30, 60, 80]", 1000,
                increasing: true),
            s => s.Milestones, (s, v) => s with { Milestones = v },
            "Decay after these epochs instead of every N.") with
        { Unit = "epochs", Optional = true, Conditions = Only(ScheduleKind.Step) },
        Section.Field("alpha", NumberType.NotNegative, s => s.Alpha, (s, v) => s with { Alpha = v },
            "α of η₀/(1+αt), t in epochs.") with
        { Conditions = Only(ScheduleKind.InverseTime), Default = FieldDefault.Of(1.0) },
        Section.Field("power", NumberType.Positive, s => s.Power, (s, v) => s with { Power = v },
            "The exponent; 1: a straight line.") with
        { Conditions = Only(ScheduleKind.Polynomial), Default = FieldDefault.Of(1.0) },
        Section.Field("minimumRate", NumberType.NotNegative,
            s => s.MinimumRate, (s, v) => s with { MinimumRate = v }, "The rate at the end.") with
        { Conditions = Only(ScheduleKind.Polynomial, ScheduleKind.Cosine), Default = FieldDefault.Of(0.0) },
        Section.Field("riseFraction", NumberType.Reduction,
            s => s.RiseFraction, (s, v) => s with { RiseFraction = v }, "Share of the run spent rising.") with
        { Conditions = OneCycle, Default = FieldDefault.Of(0.3) },
        Section.Field("initialDivisor", NumberType.AtLeast(1),
            s => s.InitialDivisor, (s, v) => s with { InitialDivisor = v }, "Peak rate over first rate.") with
        { Conditions = OneCycle, Default = FieldDefault.Of(25.0) },
        Section.Field("finalDivisor", NumberType.AtLeast(1),
            s => s.FinalDivisor, (s, v) => s with { FinalDivisor = v }, "First rate over last rate.") with
        { Conditions = OneCycle, Default = FieldDefault.Of(1e4) },
        Section.Field("factor", NumberType.Reduction, s => s.Factor, (s, v) => s with { Factor = v },
            "Factor of each reduction.") with
        { Conditions = Plateau, Default = FieldDefault.Of(0.1) },
        Section.Field("patience", new WholeType<int>(1, 1_000_000),
            s => s.Patience, (s, v) => s with { Patience = v },
            "Epochs without improvement before a reduction.") with
        { Unit = "epochs", Conditions = Plateau, Default = FieldDefault.Of(2) },
        Section.Field("minDelta", NumberType.NotNegative, s => s.MinDelta, (s, v) => s with { MinDelta = v },
            "The smallest change that counts as improvement.") with
        { Conditions = Plateau, Default = FieldDefault.Of(0.0) },
        Section.Field("metric", CommonTypes.Metric, s => s.Metric, (s, v) => s with { Metric = v },
            "The metric watched.") with
        { Conditions = Plateau, Default = FieldDefault.Of(StoppingMetric.ValidationLoss) },
        Section.Field("from", NumberType.Positive, s => s.From, (s, v) => s with { From = v },
            "The rate of the first step.") with
        { Conditions = Only(ScheduleKind.Sweep), Default = FieldDefault.Of(1e-6) },
        Section.Field("to", NumberType.Positive, s => s.To, (s, v) => s with { To = v },
            "The rate at its end; base, scaling and warm-up have no part in a sweep.") with
        { Conditions = Only(ScheduleKind.Sweep), Default = FieldDefault.Of(10.0) },
        Section.Field("steps", new WholeType<int>(2, 1_000_000), s => s.Steps, (s, v) => s with { Steps = v },
            "Steps from one to the other; after them the last rate stays.") with
        { Unit = "steps", Conditions = Only(ScheduleKind.Sweep), Default = FieldDefault.Of(100) },
    ];

    private static Condition[] Only(params ScheduleKind[] kinds)
        => [Condition.Is("learningRate.schedule.name", Name, kinds)];
}
