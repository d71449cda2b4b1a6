using System.Security.Cryptography;
using System.Text;

namespace DistTrain.Build;

/// <summary>
/// Remembers the inputs a step last succeeded with, so that the step is left out while they are the same.
/// Inputs are compared by content: a checkout that touches every file rebuilds nothing.
/// </summary>
internal static class Stamp
{
    private static readonly string[] NoInput =
        ["bin", "obj", "node_modules", "artifacts", "runs", ".git", ".vs", ".idea"];

    /// <param name="name">Name of the step.</param>
    /// <param name="inputs">Files and folders, relative to the root; a missing one counts as empty.</param>
    /// <param name="settings">What else the output depends on.</param>
    /// <param name="outputs">Files without which the step is never left out.</param>
    /// <param name="run">The step; an exception leaves no stamp.</param>
    /// <returns>True when the step was run.</returns>
    public static bool Guard(
        string name, IEnumerable<string> inputs, string settings, IEnumerable<string> outputs, Action run)
    {
        string file = Repository.PathOf("artifacts/stamps", name);
        string now = HashOf(inputs, settings);
        if (File.Exists(file) && File.ReadAllText(file) == now && outputs.All(File.Exists))
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        run();
        File.WriteAllText(file, now);
        return true;
    }

    private static string HashOf(IEnumerable<string> inputs, string settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(settings));
        IEnumerable<string> files = inputs.SelectMany(input => FilesOf(Repository.PathOf(input)));
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            string name = Path.GetRelativePath(Repository.Root, file);
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name} {content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : [];
        }

        IEnumerable<string> folders =
            Directory.EnumerateDirectories(path).Where(folder => !NoInput.Contains(Path.GetFileName(folder)));
        return Directory.EnumerateFiles(path).Concat(folders.SelectMany(FilesOf));
    }
}
