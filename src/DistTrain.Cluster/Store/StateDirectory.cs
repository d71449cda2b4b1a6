using System.Globalization;
using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Runs.Storage;

namespace DistTrain.Cluster.Store;

/// <summary>
/// The folder a coordinator keeps all it must not forget in, <c>--state DIR</c>. At most one process has it
/// open: a lock on the file <c>lock</c> is held as long as that process lives, and the kernel lets go of it
/// however the process ends.
/// <code>
///   DIR/lock              empty; locked while a coordinator runs
///   DIR/coordinator.pid   who holds it, for messages only
///   DIR/cluster.json      id of the cluster, starts of its coordinator
///   DIR/jobs/NAME-K/      a job: its run directory, record.json, events.jsonl
/// </code>
/// </summary>
public sealed class StateDirectory : IDisposable
{
    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream held, ClusterIdentity identity)
        => (RootPath, _lock, Identity) = (path, held, identity);

    /// <summary>Absolute.</summary>
    public string RootPath { get; }

    /// <summary>
    /// Which cluster this is, and how often its coordinator has started, this time included.
    /// </summary>
    public ClusterIdentity Identity { get; }

    public string JobsPath => Path.Combine(RootPath, "jobs");

    /// <summary>
    /// Takes the directory for this process, makes it if absent, and counts this start durably before it
    /// returns: no two starts ever have the same epoch.
    /// </summary>
    /// <exception cref="UserFaultException">Another coordinator has it, it cannot be written, or
    /// cluster.json is damaged.</exception>
    public static StateDirectory Open(string path)
        => TryOpen(path) ?? throw Taken(Path.GetFullPath(path));

    /// <summary>The same; null: another coordinator has it.</summary>
    /// <exception cref="UserFaultException">It cannot be written, or cluster.json is damaged.</exception>
    public static StateDirectory? TryOpen(string path)
    {
        string root = Path.GetFullPath(path);
        if (TakeLock(root) is not { } held)
        {
            return null;
        }
        try
        {
            AtomicFile.ReplaceText(
                PidPath(root), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            string file = Path.Combine(root, "cluster.json");
            ClusterIdentity last = StateFile.Read<ClusterIdentity>(file)
                ?? new ClusterIdentity { Id = NewId(), Epoch = 0 };
            ClusterIdentity identity = last with { Epoch = last.Epoch + 1 };
            StateFile.Write(file, identity);
            var state = new StateDirectory(root, held, identity);
            Directory.CreateDirectory(state.JobsPath);
            return state;
        }
        catch (Exception e) when (e is RunFaultException or IOException or UnauthorizedAccessException)
        {
            held.Dispose();
            throw Unwritable(root, e);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // Before the lock goes: afterwards the file may be a successor's.
        AtomicFile.DeleteQuietly(PidPath(RootPath));
        _lock.Dispose();
    }

    /// <summary>null: another process has it.</summary>
    private static FileStream? TakeLock(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(root, e);
        }

        string file = Path.Combine(root, "lock");
        try
        {
            // On Unix FileShare.None is flock(LOCK_EX | LOCK_NB): bound to the open file, not to the name.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file) && e is not PathTooLongException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(root, e);
        }
    }

    private static UserFaultException Taken(string root) => new(
        $"{root}: another coordinator{Holder(root)} works on this state directory; "
        + "stop it first, or name another directory with --state");

    /// <summary>" (process 4711)", or nothing where that is not known.</summary>
    private static string Holder(string root)
    {
        try
        {
            string text = File.ReadAllText(PidPath(root)).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                ? $" (process {pid})" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string PidPath(string root) => Path.Combine(root, "coordinator.pid");

    private static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static UserFaultException Unwritable(string root, Exception e) => new(
        $"{root}: the state directory cannot be written ({e.Message.ReplaceLineEndings(" ")}); "
        + "name a writable one with --state", e);
}

/// <summary>Which cluster a state directory belongs to.</summary>
public sealed record ClusterIdentity
{
    /// <summary>Drawn once for a state directory: 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Starts of the coordinator on it, this one included; from 1.</summary>
    public required long Epoch { get; init; }
}
