namespace DistTrain.Build;

/// <summary>Where things lie. Every path the build program touches is named here.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetDirectoryName(
        (string?)AppContext.GetData("EntryPointFileDirectoryPath")
        ?? throw new InvalidOperationException("run as: dotnet run build/build.cs"))!;

    public static string Artifacts { get; } = PathOf("artifacts");

    /// <summary>The published program.</summary>
    public static string Executable { get; } =
        PathOf("artifacts/disttrain", OperatingSystem.IsWindows() ? "disttrain.exe" : "disttrain");

    /// <summary>What CMake leaves for the managed side to load.</summary>
    public static string NativeLibrary { get; } = PathOf("artifacts/native", NativeLibraryName);

    public static string TestResults { get; } = PathOf("artifacts/test-results");

    /// <summary>A libtorch of the user's own; null: the system's.</summary>
    public static string? LibTorch { get; } =
        Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } path
            ? Path.GetFullPath(path)
            : null;

    private static string NativeLibraryName =>
        OperatingSystem.IsWindows() ? "disttrain_native.dll"
        : OperatingSystem.IsMacOS() ? "libdisttrain_native.dylib"
        : "libdisttrain_native.so";

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>bin and obj of every project.</summary>
    public static IEnumerable<string> BuiltFolders() =>
        from area in new[] { "src", "tests", "benchmarks" }
        where Directory.Exists(PathOf(area))
        from project in Directory.EnumerateDirectories(PathOf(area))
        from output in new[] { "bin", "obj" }
        let folder = Path.Combine(project, output)
        where Directory.Exists(folder)
        select folder;
}
