namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>The manifests in a folder of the test's own, without the token of whoever works here.</summary>
internal sealed class ManifestCopy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("disttrain-k8s-").FullName;

    public ManifestCopy()
    {
        string source = Repository.PathOf("k8s");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = PathOf(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.Delete(PathOf("base/token"));
    }

    public string PathOf(string path) => Path.Combine(_folder, path);

    public void WriteToken(string text) => File.WriteAllText(PathOf("base/token"), text);

    public Kustomize.Result Render(string path) => Kustomize.Render(PathOf(path));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
