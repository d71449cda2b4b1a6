using System.Security.Cryptography;
using System.Text;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>A folder that the program runs in; gone with the test.</summary>
public sealed class Workspace : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("disttrain-cli-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Every file and folder by name, with a fingerprint of what is in it.</summary>
    public string Snapshot() => string.Join('\n', Directory
        .EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => Directory.Exists(path)
            ? path
            : $"{path} {Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path)))}"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
