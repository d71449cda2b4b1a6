namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// The table of a job's fields, in the order they are written. To add a field, add a property to its record
/// and an entry to the list of its section.
/// </summary>
internal static class JobFields
{
    private static readonly Section<JobSpec, JobSpec> Top =
        new("", "A training job.", job => job, (_, job) => job);

    private static readonly Section<JobSpec, LossSpec> Loss = new(
        "loss", "How an output is judged.", job => job.Loss, (job, loss) => job with { Loss = loss });

    private static readonly Section<JobSpec, WorkersSpec> Workers = new(
        "workers", "How many workers may share the job. Their number never changes the result.",
        job => job.Workers, (job, workers) => job with { Workers = workers });

    private static readonly Section<JobSpec, CheckpointSpec> Checkpoint = new(
        "checkpoint", "When the run is saved.",
        job => job.Checkpoint, (job, checkpoint) => job with { Checkpoint = checkpoint });

    public static ChoiceType<LossKind> LossType { get; } = new(
        ("cross-entropy", LossKind.CrossEntropy), ("mse", LossKind.MeanSquaredError));

    private static IEnumerable<Field<JobSpec>> Name =>
    [
        Top.Field("name", new TextType(
                "a name of at most 64 letters, digits, dots, underscores and hyphens", 64,
                ("A-Za-z0-9", "A-Za-z0-9._-")),
            job => job.Name, (job, v) => job with { Name = v }, "Names the run's directory.") with
        {
            Default = FieldDefault.From("data set and model, \"strokes-mlp\"", v =>
                v["dataset.name"] + "-"
                + (v["model.preset"] ?? (v["model.layers"] is not null ? "layers"
                    : v["model.assembly"] is not null ? "module" : "torchscript"))),
            ChangesBits = _ => false,
        },
    ];

    private static IEnumerable<Field<JobSpec>> LossFields =>
    [
        Loss.Field("name", LossType, loss => loss.Kind, (loss, v) => loss with { Kind = v },
            "cross-entropy over classes, or mean squared error (mse) over numbers.") with
        {
            Default = FieldDefault.From("cross-entropy; mse where dataset.task is regression",
                v => v["dataset.task"] is "regression" ? LossKind.MeanSquaredError : LossKind.CrossEntropy),
        },
        Loss.Field("labelSmoothing", NumberType.Share,
            loss => loss.LabelSmoothing, (loss, v) => loss with { LabelSmoothing = v },
            "Share of the target spread evenly over all classes (Szegedy et al. 2016).") with
        {
            Default = FieldDefault.Of(0.0),
            Conditions = [Condition.Is("loss.name", LossType, LossKind.CrossEntropy)],
        },
    ];

    private static IEnumerable<Field<JobSpec>> Epochs =>
    [
        Top.Field("epochs", new WholeType<int>(1, 1_000_000),
            job => job.Epochs, (job, v) => job with { Epochs = v }, "Passes over the training samples.") with
        {
            Unit = "epochs", Default = FieldDefault.Of(5), Flag = ("--epochs", "N"),
            ChangesBits = job => job.LearningRate.Schedule.Kind
                is ScheduleKind.Cosine or ScheduleKind.Polynomial or ScheduleKind.OneCycle,
        },
    ];

    private static IEnumerable<Field<JobSpec>> ClipNorm =>
    [
        Top.Field("clipNorm", NumberType.Positive, job => job.ClipNorm, (job, v) => job with { ClipNorm = v },
            "Longest gradient, as a Euclidean norm over all parameters; a longer one is scaled down to it "
            + "(Pascanu et al. 2013).") with
        { Optional = true },
    ];

    private static IEnumerable<Field<JobSpec>> Cluster =>
    [
        Top.Field("aggregation",
            new ChoiceType<Aggregation>(("coordinator", Aggregation.Coordinator))
            { NotYet = ["sharded", "collective"] },
            job => job.Aggregation, (job, v) => job with { Aggregation = v },
            "Where gradients are summed and the optimizer steps. sharded and collective are not available "
            + "in this version.") with
        { Default = FieldDefault.Of(Aggregation.Coordinator), ChangesBits = _ => false },
        Workers.Field("min", new WholeType<int>(1, 1 << 16), w => w.Min, (w, v) => w with { Min = v },
            "With fewer workers the job waits.") with
        { Default = FieldDefault.Of(1), ChangesBits = _ => false },
        Workers.Field("max", new WholeType<int>(1, WorkersSpec.AsManyAsCome),
            w => w.Max, (w, v) => w with { Max = v },
            "More workers than this are not used.") with
        {
            Default = FieldDefault.From(
                "the workers there are", v => Math.Max(v.MostWorkers, (int)v["workers.min"]!)),
            Flag = ("--workers", "N"), ChangesBits = _ => false,
        },
        Top.Field("threads", new WholeType<int>(1, 1024),
            job => job.Threads, (job, v) => job with { Threads = v },
            "Threads of each worker. Part of the science: another number may round differently.") with
        { Default = FieldDefault.Of(1), Flag = ("--threads", "N") },
    ];

    private static IEnumerable<Field<JobSpec>> Saving =>
    [
        Checkpoint.Field("everyEpochs", new WholeType<int>(1, 1_000_000),
            c => c.EveryEpochs, (c, v) => c with { EveryEpochs = v }, "Save after every N epochs.") with
        { Unit = "epochs", Default = FieldDefault.Of(1), ChangesBits = _ => false },
        Checkpoint.Field("everySteps", new WholeType<int>(1, int.MaxValue),
            c => c.EverySteps, (c, v) => c with { EverySteps = v }, "Save after every N steps as well.") with
        { Unit = "steps", Optional = true, ChangesBits = _ => false },
        Checkpoint.Field("keep", new WholeType<int>(1, 10_000), c => c.Keep, (c, v) => c with { Keep = v },
            "Newest checkpoints kept; the best one is kept besides.") with
        { Default = FieldDefault.Of(3), ChangesBits = _ => false },
        Top.Field("maxSkippedSteps", new WholeType<int>(1, 1_000_000),
            job => job.MaxSkippedSteps, (job, v) => job with { MaxSkippedSteps = v },
            "A step whose gradient is not finite is skipped; after this many in a row the job fails.") with
        { Unit = "steps", Default = FieldDefault.Of(5), ChangesBits = _ => false },
        Top.Field("seed", new WholeType<long>(0, long.MaxValue),
            job => job.Seed, (job, v) => job with { Seed = v },
            "Decides the initial weights, the sample order, dropout and augmentation.") with
        { Default = FieldDefault.Of(1L), Flag = ("--seed", "N") },
    ];

    public static FieldTable<JobSpec> Table { get; } = new(
        [
            Top.Info, ModelFields.Section.Info, .. DatasetFields.Sections, Loss.Info,
            BatchFields.Section.Info, BatchScheduleFields.Section.Info, OptimizerFields.Section.Info,
            .. LearningRateFields.Sections, StoppingFields.Section.Info, TargetFields.Section.Info,
            Workers.Info, PrecisionFields.Section.Info, Checkpoint.Info,
        ],
        [
            .. Name, .. ModelFields.All, .. DatasetFields.All, .. LossFields, .. BatchFields.All, .. Epochs,
            .. LengthFields.All, .. OptimizerFields.All, .. LearningRateFields.All, .. ClipNorm,
            .. StoppingFields.All, .. TargetFields.All, .. Cluster, .. PrecisionFields.All, .. Saving,
        ]);

    /// <summary>
    /// What the fields are laid over. A field without meaning keeps the value its record gives it.
    /// </summary>
    public static JobSpec Blank { get; } = new()
    {
        Name = "",
        Model = new ModelSpec(),
        Dataset = new DatasetSpec
        {
            Name = "",
            Validation = 0,
            Standardize = false,
            Augment = new AugmentSpec(),
        },
        Loss = new LossSpec { Kind = LossKind.CrossEntropy },
        Batch = new BatchSpec(0, 0),
        Epochs = 0,
        Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd },
        LearningRate = LearningRateFields.Blank,
        Aggregation = Aggregation.Coordinator,
        Workers = new WorkersSpec(0, 0),
        Threads = 0,
        Checkpoint = new CheckpointSpec(0, null, 0),
        MaxSkippedSteps = 0,
        Seed = 0,
    };
}
