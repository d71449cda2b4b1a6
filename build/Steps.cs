namespace DistTrain.Build;

/// <summary>The three things that are built, each left out while its inputs are unchanged.</summary>
internal static class Steps
{
    private static readonly string[] Shared =
        ["Directory.Build.props", "Directory.Packages.props", "global.json", "nuget.config", ".editorconfig",
         "artifacts/optional/Optional.props"];

    /// <summary>Stands for the live page, which the server's assembly holds.</summary>
    private const string PageStamp = "artifacts/stamps/page";

    /// <summary>The C shim over libtorch: artifacts/native/.</summary>
    public static bool Native() =>
        Stamp.Guard("native", ["native"], Repository.LibTorch ?? "", [Repository.NativeLibrary], BuildNative);

    /// <summary>Every project of the solution, tests and benchmarks included.</summary>
    public static bool Solution() => Stamp.Guard(
        "solution", [.. Shared, "DistTrain.sln", "src", "tests", "benchmarks", PageStamp], "", [],
        () => Tool.Run("solution", "dotnet", ["build", "DistTrain.sln", "-c", "Release", "-v", "q"]));

    /// <summary>The program with its native library beside it: artifacts/disttrain/.</summary>
    public static bool Program()
    {
        string library = Path.GetFileName(Repository.NativeLibrary);
        string beside = Path.Combine(Path.GetDirectoryName(Repository.Executable)!, library);
        // The stamp of the native library stands for it: the library comes of that stamp's inputs.
        string[] inputs = [.. Shared, "src", "artifacts/stamps/native", PageStamp];
        return Stamp.Guard("program", inputs, "", [Repository.Executable, beside], () =>
        {
            DeleteFolder("artifacts/disttrain");
            Tool.Run("program", "dotnet",
                ["publish", "src/DistTrain.Cli", "-c", "Release", "-o", "artifacts/disttrain", "-v", "q"]);
            File.Copy(Repository.NativeLibrary, beside, overwrite: true);
        });
    }

    private static void BuildNative()
    {
        Stamp.Guard(
            "native-configure", ["native/CMakeLists.txt"], Repository.LibTorch ?? "",
            [Repository.PathOf("artifacts/native-build/CMakeCache.txt")], ConfigureNative);
        Tool.Run("native: compile", "cmake",
        [
            "--build", "artifacts/native-build", "--config", "Release",
            "--parallel", $"{Environment.ProcessorCount}",
        ]);
        if (!File.Exists(Repository.NativeLibrary))
        {
            throw new FaultException($"native/ was built and left no {Repository.NativeLibrary}", 1);
        }
    }

    private static void ConfigureNative()
    {
        // A cache of another libtorch would win over the one asked for.
        DeleteFolder("artifacts/native-build");
        Tool.Run("native: configure", "cmake",
        [
            "-S", "native", "-B", "artifacts/native-build", "-DCMAKE_BUILD_TYPE=Release",
            .. Repository.LibTorch is { } path ? [$"-DCMAKE_PREFIX_PATH={path}"] : Array.Empty<string>(),
        ]);
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(Repository.PathOf(path)))
        {
            Directory.Delete(Repository.PathOf(path), recursive: true);
        }
    }
}
