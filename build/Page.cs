namespace DistTrain.Build;

/// <summary>
/// The live page: src/DistTrain.Page, bundled with its charting library into artifacts/page, which the server
/// takes into its assembly. Where the packages cannot be fetched the page is left out, and all else is built.
/// </summary>
internal static class Page
{
    private const string Source = "src/DistTrain.Page";
    private const string Output = "artifacts/page";

    private static readonly string[] Inputs = [Source, "build/Page.cs", "build/Npm.cs"];

    public static bool Bundle() => Stamp.Guard(
        "page", Inputs, "", [Repository.PathOf(Output, "index.html")], () =>
        {
            string folder = Repository.PathOf(Output);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            try
            {
                string chart = Npm.Provide("uplot");
                Write(folder, Program("@esbuild/", "bin/esbuild", "esbuild.exe"), chart);
            }
            catch (HttpRequestException e)
            {
                Tool.Say($"no live page: its packages cannot be fetched ({e.Message}); all else is built");
            }
        });

    /// <summary>Holds the page's sources to their types; the bundler only strips them.</summary>
    public static bool CheckTypes() => Stamp.Guard("page-types", Inputs, "", [], () =>
    {
        try
        {
            Npm.Provide("uplot");
            Tool.Run("page: types", Program("@typescript/typescript-", "lib/tsc", "lib/tsc.exe"),
                ["--project", Source]);
        }
        catch (HttpRequestException e)
        {
            Tool.Say($"types of the live page are not checked: no TypeScript here ({e.Message})");
        }
    });

    private static void Write(string folder, string bundler, string chart)
    {
        Tool.Run("page", bundler,
        [
            $"{Source}/main.ts", $"{Source}/icon.svg", "--bundle", "--minify", "--format=esm",
            "--target=es2022", "--charset=utf8", "--legal-comments=none", "--loader:.svg=copy",
            "--entry-names=[name]-[hash]", $"--outdir={Output}", "--log-level=warning",
        ]);
        string page = File.ReadAllText(Repository.PathOf(Source, "index.html"));
        foreach (string name in new[] { "main.js", "main.css", "icon.svg" })
        {
            string pattern = Path.GetFileNameWithoutExtension(name) + "-*" + Path.GetExtension(name);
            string built = Path.GetFileName(Directory.GetFiles(folder, pattern).Single());
            page = page.Replace($"/page/{name}", $"/page/{built}", StringComparison.Ordinal);
        }

        File.Copy(Path.Combine(chart, "LICENSE"), Path.Combine(folder, "uplot-license.txt"));
        File.WriteAllText(Path.Combine(folder, "index.html"), page);
    }

    /// <summary>The program in this platform's package.</summary>
    private static string Program(string package, string path, string pathOnWindows) => Path.Combine(
        Npm.Provide(package + Npm.Platform), OperatingSystem.IsWindows() ? pathOnWindows : path);
}
