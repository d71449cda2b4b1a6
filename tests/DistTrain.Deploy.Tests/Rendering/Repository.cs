namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>The checkout that the tests belong to.</summary>
internal static class Repository
{
    private static readonly string? Root = Above("DistTrain.sln");

    /// <summary>A file or folder of it; the test is skipped where the tests run from elsewhere.</summary>
    public static string PathOf(string path)
    {
        Skip.If(Root is null, "the repository is not above the tests");
        return Path.Combine(Root!, path);
    }

    private static string? Above(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, file)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
