using DistTrain.Core;

namespace DistTrain.Data.Loading;

/// <summary>Finds the folder that holds a named data set.</summary>
public static class DatasetLocator
{
    /// <summary>
    /// The first of these that holds the set: a path given is the set's own folder or a folder of such
    /// folders, and then the only place; without one, the shared folder and the cache, both folders of
    /// folders.
    /// </summary>
    /// <param name="name">mnist, fashion-mnist or cifar10.</param>
    /// <param name="path">As the job or the command line gives it; null: none.</param>
    /// <param name="places">Where to look without a path.</param>
    /// <returns>The folder; null: in none of them.</returns>
    public static string? TryFind(string name, string? path, DatasetPlaces places)
        => Candidates(name, path, places).FirstOrDefault(folder => Holds(name, folder));

    /// <exception cref="UserFaultException">In none of the places, which are named.</exception>
    public static string Find(string name, string? path, DatasetPlaces places)
        => TryFind(name, path, places) ?? throw new UserFaultException(
            $"{name}: no {Wanted(name)} in {string.Join(", ", Candidates(name, path, places))}"
            + $"; fetch them with: disttrain data get {name}"
            + (path is null ? "" : " (and leave out the path), or name the folder that holds them"));

    private static List<string> Candidates(string name, string? path, DatasetPlaces places)
    {
        if (path is not null)
        {
            return [path, Path.Combine(path, name)];
        }

        List<string> folders = [];
        if (places.SharedFolder is not null)
        {
            folders.Add(Path.Combine(places.SharedFolder, name));
        }

        folders.Add(Path.Combine(places.CacheFolder, name));
        return folders;
    }

    private static bool Holds(string name, string folder)
        => Directory.Exists(folder)
            && (name == "cifar10" ? Images.Cifar10Folder.IsOne(folder) : Images.IdxFolder.IsOne(folder));

    private static string Wanted(string name)
        => name == "cifar10" ? "data_batch_*.bin" : "train-images-idx3-ubyte (or .gz)";
}
