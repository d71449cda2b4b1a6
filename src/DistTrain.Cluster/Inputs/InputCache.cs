using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Inputs;

/// <summary>
/// Files fetched from a coordinator, kept by content: <c>ROOT/SHA-256/NAME</c>. A file is there whole and
/// verified, or not at all; what was begun lies beside it as <c>NAME.part</c> and is gone on with.
/// </summary>
internal sealed class InputCache(string root)
{
    /// <summary>The folder of a set of files, named after what they add up to.</summary>
    public string FolderOf(string contentHash)
    {
        string folder = Path.Combine(root, Safe(contentHash));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Whether the file is there; a wrong one is removed.</summary>
    public static bool Holds(string folder, InputFile file)
    {
        string path = PathOf(folder, file);
        if (!File.Exists(path))
        {
            return false;
        }
        if (new FileInfo(path).Length == file.Bytes && HashOf(path) == file.Sha256)
        {
            return true;
        }
        File.Delete(path);
        return false;
    }

    public static string PathOf(string folder, InputFile file) => Path.Combine(folder, Safe(file.Name));

    public static string PartOf(string folder, InputFile file) => PathOf(folder, file) + ".part";

    /// <summary>The part is complete: it becomes the file, if its content is right.</summary>
    /// <exception cref="RunFaultException">It is not what was announced.</exception>
    public static void Complete(string folder, InputFile file)
    {
        string part = PartOf(folder, file);
        string found = HashOf(part);
        if (found != file.Sha256)
        {
            File.Delete(part);
            throw new RunFaultException(
                $"{file.Name}: arrived with SHA-256 {found} instead of {file.Sha256}; it was thrown away");
        }
        File.Move(part, PathOf(folder, file), overwrite: true);
    }

    public static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>A name from the network never leaves its folder.</summary>
    private static string Safe(string name)
        => name.Length is > 0 and <= 255 && name is not ("." or "..")
            && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0
            ? name
            : throw new ProtocolFaultException("a file name that is none");
}
