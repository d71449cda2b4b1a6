using DistTrain.Core.Jobs;
using DistTrain.Data.Images;

namespace DistTrain.Data.Loading;

/// <summary>
/// The files a data set is read from, so that a node without a copy can be given them.
/// </summary>
public static class DatasetFiles
{
    /// <summary>Full paths; none: the set is drawn.</summary>
    /// <param name="spec">Which set.</param>
    /// <param name="places">Where to look when the job names no path.</param>
    /// <exception cref="Core.UserFaultException">The set is in none of the places.</exception>
    public static IReadOnlyList<string> Of(DatasetSpec spec, DatasetPlaces places)
    {
        switch (spec.Name)
        {
            case "strokes":
                return [];
            case "csv":
                return [.. ((string?[])[spec.Path, spec.TestPath]).OfType<string>().Select(Path.GetFullPath)];
            default:
                string folder = DatasetLocator.Find(spec.Name, spec.Path, places);
                return spec.Name == "cifar10"
                    ? [.. Cifar10Folder.TrainFiles(folder), .. Cifar10Folder.TestFiles(folder)]
                    : [.. IdxFolder.FileNames.Select(name => IdxFolder.Find(folder, name)).OfType<string>()];
        }
    }

    /// <summary>The same set, read from files of those names in this folder.</summary>
    public static DatasetSpec Within(DatasetSpec spec, string folder) => spec.Name switch
    {
        "strokes" => spec,
        "csv" => spec with { Path = Beside(folder, spec.Path), TestPath = Beside(folder, spec.TestPath) },
        _ => spec with { Path = folder },
    };

    /// <summary>
    /// The same set from a node's own places: a path in the job is one of the coordinator's machine.
    /// </summary>
    /// <param name="spec">As the job has it.</param>
    /// <param name="places">This node's.</param>
    /// <returns>null: this node has no copy.</returns>
    public static DatasetSpec? OnThisNode(DatasetSpec spec, DatasetPlaces places)
    {
        if (spec.Name == "strokes")
        {
            return spec;
        }
        if (spec.Name == "csv")
        {
            DatasetSpec? own = places.SharedFolder is { } data ? Within(spec, data) : null;
            return own is not null && File.Exists(own.Path) ? own : null;
        }
        DatasetSpec named = spec with { Path = null };
        return DatasetLocator.TryFind(spec.Name, null, places) is null ? null : named;
    }

    private static string? Beside(string folder, string? path)
        => path is null ? null : Path.Combine(folder, Path.GetFileName(path));
}
