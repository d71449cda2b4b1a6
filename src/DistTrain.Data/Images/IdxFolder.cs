using DistTrain.Core;
using DistTrain.Core.Datasets;

namespace DistTrain.Data.Images;

/// <summary>A folder with MNIST's four files under their usual names, each gzipped or not.</summary>
internal static class IdxFolder
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>The four names without ".gz".</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The file of this name, plain before gzipped; null: neither is there.</summary>
    public static string? Find(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : File.Exists(path + ".gz") ? path + ".gz" : null;
    }

    /// <summary>Whether the folder has at least one of the files.</summary>
    public static bool IsOne(string folder) => FileNames.Any(name => Find(folder, name) is not null);

    /// <exception cref="UserFaultException">A file is missing, damaged, or does not go with the
    /// others.</exception>
    public static ImageSplits Read(string folder, int classes)
    {
        string[] missing = [.. FileNames.Where(name => Find(folder, name) is null)];
        if (missing.Length > 0)
        {
            throw new UserFaultException(
                [.. missing.Select(name => $"{folder}: there is no {name} (or {name}.gz)")]);
        }

        ImageStore train = ReadSplit(folder, TrainImages, TrainLabels, classes);
        ImageStore test = ReadSplit(folder, TestImages, TestLabels, classes);
        return train.Shape == test.Shape
            ? new ImageSplits(train, test)
            : throw new UserFaultException(
                $"{folder}: training images are {train.Shape}, test images {test.Shape}; they must agree");
    }

    private static ImageStore ReadSplit(string folder, string imagesName, string labelsName, int classes)
    {
        string imagesPath = Find(folder, imagesName)!, labelsPath = Find(folder, labelsName)!;
        byte[] labels = IdxFile.ReadLabels(labelsPath, classes);
        (SampleShape shape, byte[] pixels, int count) = IdxFile.ReadImages(imagesPath);
        return count == labels.Length
            ? new ImageStore(shape, classes, pixels, labels)
            : throw new UserFaultException(
                $"{imagesPath} has {count} images, but {labelsPath} has {labels.Length} labels");
    }
}

/// <summary>Decoded training and test images.</summary>
internal sealed record ImageSplits(ImageStore Train, ImageStore? Test);
