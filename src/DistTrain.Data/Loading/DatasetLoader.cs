using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Images;

namespace DistTrain.Data.Loading;

/// <summary>
/// Turns the data part of a job into samples in memory. Means and deviations come from the samples trained on
/// and from no others.
/// </summary>
public static class DatasetLoader
{
    /// <param name="spec">Which set, how much of it, and how prepared.</param>
    /// <param name="seed">The job's seed: chooses the validation samples.</param>
    /// <param name="places">Where to look when the job names no path.</param>
    /// <param name="progress">Receives a line for people now and then.</param>
    /// <exception cref="UserFaultException">Not found, at fault, or too small for what the job
    /// asks.</exception>
    public static IDataset Load(
        DatasetSpec spec, long seed, DatasetPlaces places, IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (spec.Name == "csv")
        {
            return CsvDatasetLoader.Load(spec, seed, progress, cancellationToken);
        }

        return ImageSource.Knows(spec.Name)
            ? FromImages(
                spec, seed, ImageSource.Open(spec.Name, spec.Path, places, cancellationToken), progress)
            : throw new UserFaultException($"dataset.name: is '{spec.Name}'"
                + "; one of strokes, mnist, fashion-mnist, cifar10, csv is needed");
    }

    private static LoadedDataset FromImages(
        DatasetSpec spec, long seed, ImageSource source, IProgress<string>? progress)
    {
        (ImageStore train, ImageStore? test) = source.Splits;
        CheckCrop(spec, train.Shape);
        TrainingSelection selection = TrainingSelection.Choose(spec, seed, train.Count);
        progress?.Report(
            $"{spec.Name}: {train.Count:N0} training and {test?.Count ?? 0:N0} test images, {source.Origin}"
            + Catalog.DatasetCatalog.Shortfall(spec.Name, train.Count, test?.Count ?? 0));
        PixelScale scale = spec.Standardize
            ? PixelScale.Measure(train, selection.Train)
            : PixelScale.Unit(train.Shape);
        return new LoadedDataset(() => ContentHasher.Hash(source.Splits))
        {
            Name = spec.Name,
            Shape = train.Shape,
            Classes = train.Classes,
            Train = new ImageSampleSet(train, selection.Train, scale, spec.Augment),
            Validation = selection.Validation.Length == 0
                ? null
                : new ImageSampleSet(train, selection.Validation, scale, augment: null),
            Test = test is null ? null : new ImageSampleSet(test, null, scale, augment: null),
        };
    }

    private static void CheckCrop(DatasetSpec spec, SampleShape shape)
    {
        int most = Math.Min(shape.Height, shape.Width) - 1;
        if (spec.Augment.Crop < 0 || spec.Augment.Crop > most)
        {
            throw new UserFaultException($"dataset.augment.crop: is {spec.Augment.Crop} pixels"
                + $"; for images of {shape.Height}×{shape.Width} it can be 0 to {most}");
        }
    }
}
