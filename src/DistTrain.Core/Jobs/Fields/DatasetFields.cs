namespace DistTrain.Core.Jobs.Fields;

/// <summary>dataset: what is learnt from.</summary>
internal static class DatasetFields
{
    private const int UsualValidation = 5000;

    private static readonly ChoiceType<string> Name =
        CommonTypes.Words("strokes", "mnist", "fashion-mnist", "cifar10", "csv");

    private static readonly Section<JobSpec, DatasetSpec> Section = new(
        "dataset", "What is learnt from.", job => job.Dataset,
        (job, dataset) => job with { Dataset = dataset });

    private static readonly Section<JobSpec, AugmentSpec> Augment = new(
        "dataset.augment", "Random changes to training images, keyed by sample and epoch, never by worker.",
        job => job.Dataset.Augment, (job, v) => job with { Dataset = job.Dataset with { Augment = v } });

    private static readonly Condition IsCsv = Condition.Is("dataset.name", Name, "csv");
    private static readonly Condition IsImages = Condition.IsNot("dataset.name", Name, "csv");

    public static IReadOnlyList<SectionInfo<JobSpec>> Sections { get; } = [Section.Info, Augment.Info];

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("name", Name, d => d.Name, (d, v) => d with { Name = v },
            "strokes is drawn by the program itself and needs no files.") with
        { Default = FieldDefault.Of("strokes"), Flag = ("--dataset", "NAME") },
        Section.Field("path", CommonTypes.Path, d => d.Path, (d, v) => d with { Path = v },
            "Folder of the set, or of such folders; csv: the training file.") with
        {
            Optional = true, Flag = ("--data", "DIR"), ChangesBits = _ => false,
            Conditions = [Condition.IsNot("dataset.name", Name, "strokes")],
        },
        Section.Field("testPath", CommonTypes.Path, d => d.TestPath, (d, v) => d with { TestPath = v },
            "The test file of a csv set.") with
        { Optional = true, Conditions = [IsCsv], ChangesBits = _ => false },
        Section.Field("label", new TextType("the name of a column", 256), d => d.Label,
            (d, v) => d with { Label = v }, "Name of the label column of a csv set.") with
        { Optional = true, Conditions = [IsCsv] },
        Section.Field("task", CommonTypes.Words("classification", "regression"),
            d => d.Task, (d, v) => d with { Task = v },
            "Whether the labels of a csv set are classes or numbers.") with
        { Conditions = [IsCsv], Default = FieldDefault.Of("classification") },
        Section.Field("train", new WholeType<int>(1, int.MaxValue),
            d => d.Train, (d, v) => d with { Train = v }, "Use the first N training samples only.") with
        { Unit = "samples", Optional = true },
        Section.Field("validation", new WholeType<int>(0, int.MaxValue),
            d => d.Validation, (d, v) => d with { Validation = v },
            "Training samples held out to watch progress, chosen by the seed; 0: none.") with
        {
            Unit = "samples", Flag = ("--validation", "N"),
            Default = FieldDefault.From("5000, or a tenth of train where that is less; csv: 0", v =>
                v["dataset.name"] is "csv" ? 0
                : v["dataset.train"] is int train ? Math.Min(UsualValidation, train / 10) : UsualValidation),
        },
        Section.Field("standardize", CommonTypes.Flag,
            d => d.Standardize, (d, v) => d with { Standardize = v },
            "Subtract the training set's mean and divide by its deviation, per channel or csv column.") with
        { Default = FieldDefault.Of(true) },
        Augment.Field("crop", new WholeType<int>(0, 64), a => a.Crop, (a, v) => a with { Crop = v },
            "Zero padding around an image before a random crop back to its size; 0: none.") with
        { Unit = "pixels", Conditions = [IsImages], Default = FieldDefault.Of(0) },
        Augment.Field("flip", CommonTypes.Flag, a => a.Flip, (a, v) => a with { Flip = v },
            "Mirror left to right with probability one half. Not for digits.") with
        { Conditions = [IsImages], Default = FieldDefault.Of(false) },
    ];
}
