using DistTrain.Server;

namespace DistTrain.Page.Tests.Harness;

/// <summary>Whether this build has a page at all.</summary>
internal static class Built
{
    public static void Need() => Skip.IfNot(
        Files.Any(),
        "this build has no live page: ./build.sh page makes it where the npm registry is reached");

    /// <summary>Bytes of all files that end like this.</summary>
    public static long BytesOf(string ending) => Files
        .Where(name => name.EndsWith(ending, StringComparison.Ordinal))
        .Sum(name => typeof(ApiServer).Assembly.GetManifestResourceStream(name)!.Length);

    private static IEnumerable<string> Files => typeof(ApiServer).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("page/", StringComparison.Ordinal));
}
