using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>
/// The table of a study file's fields, in the order they are written: parsing, checks, defaults, the schema
/// and the comparison with an earlier version of the file all come from it.
/// </summary>
internal static class StudyFields
{
    private const int MostItems = 1000;

    private static readonly Section<StudySpec, StudySpec> Top =
        new("", "A study of large batches.", study => study, (_, study) => study);

    private static readonly Section<StudySpec, TuneSpec> Tune = new(
        "tune", "The rates tried for the rule tuned.", study => study.Tune ?? new TuneSpec(),
        (study, tune) => study with { Tune = tune })
    { Present = study => study.Tune is not null };

    private static readonly Section<StudySpec, TargetSpec> Target = new(
        "target", "The metric that runs are judged by, and the value they are to reach.",
        study => study.Target, (study, target) => study with { Target = target });

    private static readonly Section<StudySpec, HalvingSpec> Halving = new(
        "halving", "Gives up what looks hopeless among the rates of a tuned setting; null or absent: off.",
        study => study.Halving ?? new HalvingSpec([], 0.5),
        (study, halving) => study with { Halving = halving })
    { Present = study => study.Halving is not null };

    public static ListType<string> RuleList { get; } = new(
        CommonTypes.Words([.. RuleNames.All]), $"a list of rules: {string.Join(", ", RuleNames.All)}",
        RuleNames.All.Count);

    public static ListType<double> WarmupList { get; } = new(
        NumberType.NotNegative, "a list of numbers of epochs, such as [0, 2]", MostItems);

    private static IEnumerable<Field<StudySpec>> Heading =>
    [
        Top.Field("name", new TextType(
                "a name of at most 64 letters, digits, dots, underscores and hyphens", 64,
                ("A-Za-z0-9", "A-Za-z0-9._-")),
            s => s.Name, (s, v) => s with { Name = v },
            "Names the study and, without --out, its folder.") with
        { Required = true },
        Top.Field("question", new TextType("a sentence of at most 500 letters", 500),
            s => s.Question, (s, v) => s with { Question = v },
            "What the study is to answer, for the reader of its report.") with
        { Optional = true },
        Top.Field("job", new JobSourceType(), s => s.Job, (s, v) => s with { Job = v },
            "The job that is varied: the path of a job file, relative to the study file, or the job itself. "
            + "Its learningRate.base and learningRate.referenceBatch are where every rule starts from.") with
        { Required = true },
        Top.Field("set", new OverridesType(), s => s.Set.Count == 0 ? null : new JobOverrideList(s.Set),
            (s, v) => s with { Set = v.Overrides },
            "Fields of the job by their paths, for every run; they beat the job's own.") with
        { Optional = true },
    ];

    private static IEnumerable<Field<StudySpec>> Grid =>
    [
        Top.Field("batches", new ListType<int>(
                new WholeType<int>(1, 1 << 24), "a list of batches in samples, such as [32, 128]", MostItems),
            s => s.Batches, (s, v) => s with { Batches = v }, "Global batches.") with
        { Required = true, Unit = "samples" },
        Top.Field("rules", RuleList, s => s.Rules, (s, v) => s with { Rules = v },
            "How the rate follows the batch: none, sqrt, linear, legew, adascale as in a job, or tuned: "
            + "several rates are tried at every batch.") with
        { Default = FieldDefault.Of(new List<string> { RuleNames.Linear }.AsReadOnly()) },
        Top.Field("warmup", WarmupList, s => s.Warmups.Count == 0 ? null : s.Warmups,
            (s, v) => s with { Warmups = v }, "Lengths of the warm-up; without it the job's own.") with
        { Optional = true, Unit = "epochs" },
        Top.Field("optimizers", new OptimizerListType(),
            s => s.Optimizers.Count == 0 ? null : new OptimizerList(s.Optimizers),
            (s, v) => s with { Optimizers = v.Choices },
            "Words (sgd, momentum, nesterov, rmsprop, adam, adamw, lars, lamb), or objects with a name, the "
            + "job's optimizer fields, and label, base, rules and warmup of their own; without it the "
            + "job's own optimizer.") with
        { Optional = true },
        Top.Field("workers", new ListType<int>(
                new WholeType<int>(1, 1 << 16), "a list of numbers of workers, such as [1, 2]", MostItems),
            s => s.Workers, (s, v) => s with { Workers = v },
            "Worker counts. They change times and nothing else.") with
        { Default = FieldDefault.Of(new List<int> { 1 }.AsReadOnly()) },
        Top.Field("seeds", new ListType<long>(
                new WholeType<long>(0, long.MaxValue), "a list of seeds, such as [1, 2, 3]", MostItems),
            s => s.Seeds, (s, v) => s with { Seeds = v },
            "Every setting is run with each; three or more let the report tell differences from noise.") with
        { Default = FieldDefault.Of(new List<long> { 1 }.AsReadOnly()) },
        Top.Field("shards", new WholeType<int>(1, 1 << 16), s => s.Shards, (s, v) => s with { Shards = v },
            "Parts of a global batch. Without it the largest worker count, at least 2, rounded up to a power "
            + "of two, and fewer where the batch is smaller than that.") with
        { Optional = true },
    ];

    private static IEnumerable<Field<StudySpec>> Tuning =>
    [
        Tune.Field("rates", new ListType<double>(
                NumberType.Positive, "an ascending list of rates", 100, increasing: true),
            t => t.Rates.Count == 0 ? null : t.Rates, (t, v) => t with { Rates = v },
            "The rates, the same at every batch; without it multiples of the centre.") with
        { Optional = true },
        Tune.Field("from", NumberType.Positive, t => t.From, (t, v) => t with { From = v },
            "The smallest multiple of the centre.") with
        { Default = FieldDefault.Of(0.25), Conditions = [Condition.Present("tune"), Spaced] },
        Tune.Field("to", NumberType.Positive, t => t.To, (t, v) => t with { To = v },
            "The largest multiple of the centre.") with
        { Default = FieldDefault.Of(4.0), Conditions = [Condition.Present("tune"), Spaced] },
        Tune.Field("trials", new WholeType<int>(2, 100), t => t.Trials, (t, v) => t with { Trials = v },
            "How many multiples, evenly spaced in the logarithm.") with
        { Default = FieldDefault.Of(5), Conditions = [Condition.Present("tune"), Spaced] },
        Tune.Field("centre", CommonTypes.Words(RuleNames.None, RuleNames.Sqrt, RuleNames.Linear),
            t => t.Centre, (t, v) => t with { Centre = v },
            "The rule that says where the centre lies for a batch.") with
        { Default = FieldDefault.Of(RuleNames.Sqrt), Conditions = [Condition.Present("tune"), Spaced] },
    ];

    private static Condition Spaced => Condition.Absent("tune.rates");

    private static IEnumerable<Field<StudySpec>> Goal =>
    [
        Target.Field("metric", TargetFields.Metric, t => t.Metric, (t, v) => t with { Metric = v },
            "What runs are judged by.") with
        { Default = FieldDefault.Of(StoppingMetric.ValidationAccuracy) },
        Target.Field("value", NumberType.Positive, t => t.Value, (t, v) => t with { Value = v },
            "What is to be reached, 0.99 for an accuracy of 99 %.") with
        { Required = true },
        Target.Field("stop", CommonTypes.Flag, t => t.Stop, (t, v) => t with { Stop = v },
            "End a run where it reaches the target; false: note the step and go on.") with
        { Default = FieldDefault.Of(false) },
        Top.Field("epochs", new WholeType<int>(1, 1_000_000), s => s.Epochs, (s, v) => s with { Epochs = v },
            "Epochs of every run; without it, and without steps, the job's.") with
        { Optional = true, OneOf = "budget", Unit = "epochs" },
        Top.Field("steps", new WholeType<long>(1, 1L << 40), s => s.Steps, (s, v) => s with { Steps = v },
            "Steps of every run, whatever its batch.") with
        { Optional = true, OneOf = "budget", Unit = "steps" },
        Halving.Field("rungs", new ListType<int>(
                new WholeType<int>(1, 1_000_000), "an ascending list of epochs", 20, increasing: true),
            h => h.Rungs, (h, v) => h with { Rungs = v },
            "Epochs at whose end the rates of a setting are compared.") with
        { Default = FieldDefault.Of(new List<int> { 1 }.AsReadOnly()), Unit = "epochs" },
        Halving.Field("keep", NumberType.Reduction, h => h.Keep, (h, v) => h with { Keep = v },
            "Share of those that have reached the rung that goes on, rounded up.") with
        { Default = FieldDefault.Of(0.5) },
    ];

    public static FieldTable<StudySpec> Table { get; } = new(
        [Top.Info, Tune.Info, Target.Info, Halving.Info], [.. Heading, .. Grid, .. Tuning, .. Goal]);

    /// <summary>What the fields are laid over.</summary>
    public static StudySpec Blank { get; } = new()
    {
        Name = "",
        Job = new JobSource(null, null),
        Target = new TargetSpec(StoppingMetric.ValidationAccuracy, 0, Stop: false),
    };
}
