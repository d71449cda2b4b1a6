using System.Globalization;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Data.Synthetic;

namespace DistTrain.Cli.Study;

/// <summary>
/// The shape of a data set's samples in a word, for a probe that need not load them: 1x28x28/10.
/// </summary>
internal static class SampleWord
{
    private const int MostClasses = 256;
    private const int Count = 64;

    /// <summary>Null: the set is a regression, or has more classes than can be made up.</summary>
    public static string? Of(IDataset dataset)
        => dataset.Classes is > 0 and <= MostClasses
            ? $"{string.Join('x', dataset.Shape.Dimensions)}/{dataset.Classes}" : null;

    /// <summary>A few random samples of that shape.</summary>
    /// <exception cref="UserFaultException">It is no such word.</exception>
    public static IDataset Synthesise(string word)
    {
        string[] parts = word.Split('/');
        int[] dimensions = [.. parts[0].Split('x').Select(Number)];
        int classes = parts.Length == 2 ? Number(parts[1]) : 0;
        if (classes is < 1 or > MostClasses || dimensions.Length is not (1 or 3)
            || dimensions.Any(d => d is < 1 or > 1 << 16))
        {
            throw new UserFaultException($"--sample {word}: write it as 1x28x28/10");
        }

        SampleShape shape = dimensions.Length == 3
            ? SampleShape.Image(dimensions[0], dimensions[1], dimensions[2])
            : SampleShape.Vector(dimensions[0]);
        return new SyntheticDataset(shape, classes, Count, seed: 1);
    }

    private static int Number(string text)
        => int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
