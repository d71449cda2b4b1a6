using DistTrain.Core;
using DistTrain.Data.Images;

namespace DistTrain.Data.Loading;

/// <summary>Shows what an image set looks like, for a person to judge before training on it.</summary>
public static class DatasetPreview
{
    /// <summary>Writes the first training images side by side as one picture (PGM, or PPM for
    /// colour).</summary>
    /// <param name="name">strokes, mnist, fashion-mnist or cifar10.</param>
    /// <param name="path">As in a job; null: the usual places.</param>
    /// <param name="places">Where to look without a path.</param>
    /// <param name="columns">Images side by side, at least 1.</param>
    /// <param name="rows">Images on top of each other, at least 1.</param>
    /// <param name="output">Receives the picture.</param>
    /// <exception cref="UserFaultException">The set is not one of images, or is not found.</exception>
    public static void Write(
        string name, string? path, DatasetPlaces places, int columns, int rows, Stream output,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (!ImageSource.Knows(name))
        {
            throw new UserFaultException($"{name}: is not a set of images that can be shown");
        }

        ImageSource source = ImageSource.Open(name, path, places, cancellationToken);
        ContactSheet.Write(source.Splits.Train, 0, columns, rows, output);
    }
}
