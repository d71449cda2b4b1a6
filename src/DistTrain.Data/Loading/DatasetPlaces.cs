namespace DistTrain.Data.Loading;

/// <summary>Where data sets are looked for when a job names no path.</summary>
/// <param name="SharedFolder">A folder of data sets' folders, from the environment; null: none named.</param>
/// <param name="CacheFolder">The folder of folders that downloads are written to.</param>
public sealed record DatasetPlaces(string? SharedFolder, string CacheFolder)
{
    /// <summary>The environment variable that names <see cref="SharedFolder"/>.</summary>
    public const string Variable = "DISTTRAIN_DATA";

    /// <summary>
    /// DISTTRAIN_DATA, and disttrain/data in XDG_CACHE_HOME or else in ~/.cache (XDG Base Directory
    /// Specification).
    /// </summary>
    public static DatasetPlaces FromEnvironment() => From(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>As <see cref="FromEnvironment"/>, of an environment handed in.</summary>
    public static DatasetPlaces From(Func<string, string?> variable, string home)
    {
        string? shared = variable(Variable), cache = variable("XDG_CACHE_HOME");
        string root = string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache)
            ? Path.Combine(home, ".cache")
            : cache;
        return new DatasetPlaces(
            string.IsNullOrEmpty(shared) ? null : shared, Path.Combine(root, "disttrain", "data"));
    }
}
