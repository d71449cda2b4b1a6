using DistTrain.Core;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs;

/// <summary>
/// Holds a run to the data it began with: <c>data.sha256</c> in its directory is the content hash of the
/// first attempt, and a later one must find the same. Bits follow from the job and the data, so another copy
/// under the same name would go on to weights that no run from the start can have.
/// </summary>
public static class DataIdentity
{
    private const string FileName = "data.sha256";

    /// <summary>Notes the hash, or compares it with the one that was noted.</summary>
    /// <exception cref="UserFaultException">The data is another.</exception>
    /// <exception cref="RunFaultException">The note cannot be written.</exception>
    public static void Check(RunDirectory directory, string contentHash)
    {
        string path = Path.Combine(directory.RootPath, FileName);
        string? before = File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        if (before is null)
        {
            AtomicFile.ReplaceText(path, contentHash + "\n");
        }
        else if (before != contentHash)
        {
            throw new UserFaultException(
                $"the data is not what this run began with (its content has SHA-256 {Short(contentHash)}, "
                + $"then {Short(before)}); bring the former data back, or start a new run");
        }
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "…" : hash;
}
