using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Loading;

/// <summary>Loads the data set <c>csv</c>: a training file and perhaps a test file with the same
/// columns.</summary>
internal static class CsvDatasetLoader
{
    public static IDataset Load(
        DatasetSpec spec, long seed, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        (string path, string label) = Check(spec);
        CsvTable train = CsvTableReader.Read(path, label, columns: null, cancellationToken);
        CsvTable? test = spec.TestPath is null
            ? null
            : CsvTableReader.Read(spec.TestPath, label, train.Columns, cancellationToken);
        bool regression = spec.Task == "regression";
        string[] classes = regression ? [] : CsvLabels.Classes(train);
        TrainingSelection selection = TrainingSelection.Choose(spec, seed, train.Count);
        ColumnScale scale = spec.Standardize
            ? ColumnScale.Measure(train, selection.Train)
            : ColumnScale.Identity(train.Columns.Count);
        progress?.Report($"csv: {train.Count:N0} training and {test?.Count ?? 0:N0} test rows of"
            + $" {train.Columns.Count} columns" + (regression ? "" : $", {classes.Length} classes"));

        var shape = SampleShape.Vector(train.Columns.Count);
        float[] inputs = scale.Apply(train);
        long[]? labels = regression ? null : CsvLabels.Encode(train, classes);
        float[]? targets = regression ? CsvLabels.Targets(train) : null;
        return new LoadedDataset(() => ContentHasher.Hash(train, test))
        {
            Name = spec.Name,
            Shape = shape,
            Classes = classes.Length,
            Train = new TableSampleSet(shape, inputs, labels, targets, selection.Train),
            Validation = selection.Validation.Length == 0
                ? null
                : new TableSampleSet(shape, inputs, labels, targets, selection.Validation),
            Test = test is null
                ? null
                : new TableSampleSet(
                    shape, scale.Apply(test), regression ? null : CsvLabels.Encode(test, classes),
                    regression ? CsvLabels.Targets(test) : null, selection: null),
        };
    }

    private static (string Path, string Label) Check(DatasetSpec spec)
    {
        List<string> problems = [];
        if (spec.Path is null)
        {
            problems.Add("dataset.path: is missing; csv needs the training file");
        }

        if (spec.Label is null)
        {
            problems.Add("dataset.label: is missing; csv needs the name of the label column");
        }

        if (spec.Task is not ("classification" or "regression"))
        {
            problems.Add($"dataset.task: is '{spec.Task}'; classification or regression is needed");
        }

        if (spec.Augment is { Crop: > 0 } or { Flip: true })
        {
            problems.Add("dataset.augment: crops and flips are for images, and csv has none");
        }

        return problems.Count == 0 ? (spec.Path!, spec.Label!) : throw new UserFaultException(problems);
    }
}
