using DistTrain.Data.Images;
using DistTrain.Data.Strokes;

namespace DistTrain.Data.Loading;

/// <summary>Gets the decoded images of a set by its name, wherever they come from.</summary>
/// <param name="Splits">All of them, before anything is chosen or held out.</param>
/// <param name="Origin">Where they came from, for people: "read from /data/mnist".</param>
internal sealed record ImageSource(ImageSplits Splits, string Origin)
{
    private const int IdxClasses = 10;

    /// <summary>Whether a set of this name is made of images.</summary>
    public static bool Knows(string name) => name is "strokes" or "mnist" or "fashion-mnist" or "cifar10";

    /// <exception cref="Core.UserFaultException">Not found, or at fault.</exception>
    public static ImageSource Open(
        string name, string? path, DatasetPlaces places, CancellationToken cancellationToken)
    {
        if (name == "strokes")
        {
            return new ImageSource(DrawStrokes(cancellationToken), "drawn");
        }

        string folder = DatasetLocator.Find(name, path, places);
        ImageSplits splits =
            name == "cifar10" ? Cifar10Folder.Read(folder) : IdxFolder.Read(folder, IdxClasses);
        return new ImageSource(splits, $"read from {folder}");
    }

    private static ImageSplits DrawStrokes(CancellationToken cancellationToken) => new(
        StrokesGenerator.Generate(0, StrokesGenerator.TrainingCount, cancellationToken: cancellationToken),
        StrokesGenerator.Generate(
            StrokesGenerator.TrainingCount, StrokesGenerator.TestCount,
            cancellationToken: cancellationToken));
}
