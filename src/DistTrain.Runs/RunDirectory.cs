using System.Globalization;
using System.Text;
using DistTrain.Core;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs;

/// <summary>
/// The folder that everything about one run lies in, <c>OUT/NAME-K</c> with K counting up, so that no run
/// ever writes over another. What each file holds is told in docs/formats.md.
/// </summary>
public sealed class RunDirectory
{
    private const int LongestName = 64;

    private RunDirectory(string path) => RootPath = path;

    /// <summary>Absolute path of the run's folder; TensorBoard's event files lie in it directly.</summary>
    public string RootPath { get; }

    /// <summary>NAME-K.</summary>
    public string Name => Path.GetFileName(RootPath);

    /// <summary>The effective job.</summary>
    public string JobPath => Path.Combine(RootPath, "job.json");

    /// <summary>A line per step and per epoch.</summary>
    public string MetricsPath => Path.Combine(RootPath, "metrics.jsonl");

    /// <summary>Where the time of its steps went.</summary>
    public string TimelinePath => Path.Combine(RootPath, "timeline.bin");

    /// <summary>The folder of checkpoints.</summary>
    public string CheckpointsPath => Path.Combine(RootPath, "checkpoints");

    /// <summary>The final weights.</summary>
    public string WeightsPath => Path.Combine(RootPath, "weights.safetensors");

    /// <summary>The result object.</summary>
    public string SummaryPath => Path.Combine(RootPath, "summary.json");

    /// <summary>The page for people.</summary>
    public string ReportPath => Path.Combine(RootPath, "report.html");

    /// <summary>
    /// Makes the next free folder of a job. Two processes that ask at once get two folders.
    /// </summary>
    /// <param name="outRoot">The folder of runs; made if absent.</param>
    /// <param name="jobName">Whatever is not a letter, digit, dot, dash or underscore of ASCII becomes a
    /// dash.</param>
    /// <exception cref="UserFaultException">The folder cannot be made or written.</exception>
    public static RunDirectory Create(string outRoot, string jobName)
    {
        string root = Path.GetFullPath(outRoot);
        string name = SafeName(jobName);
        try
        {
            Directory.CreateDirectory(root);
            for (int number = LargestNumber(root, name) + 1; ; number++)
            {
                var run = new RunDirectory(Path.Combine(root, string.Create(null, $"{name}-{number}")));
                if (Posix.TryMakeDirectory(run.RootPath))
                {
                    Directory.CreateDirectory(run.CheckpointsPath);
                    Posix.FlushDirectory(root);
                    return run;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{root}: the folder for runs cannot be written ({AtomicFile.Reason(e)}); "
                + "name a writable one with --out", e);
        }
    }

    /// <summary>The folder of an earlier run, to resume or to look at.</summary>
    /// <exception cref="UserFaultException">There is no such folder, or it is not a run's.</exception>
    public static RunDirectory Open(string path)
    {
        var run = new RunDirectory(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (!Directory.Exists(run.RootPath))
        {
            throw new UserFaultException(
                $"{run.RootPath}: there is no such folder; give the folder of a run, such as runs/NAME-1");
        }

        return File.Exists(run.JobPath)
            ? run
            : throw new UserFaultException(
                $"{run.RootPath}: this is not the folder of a run, for it has no job.json; "
                + "give a folder that training has made, such as runs/NAME-1");
    }

    /// <summary>The newest folder of a job's runs, as <see cref="Create"/> names them; null: none.</summary>
    /// <exception cref="UserFaultException">The folder of runs cannot be read.</exception>
    public static RunDirectory? Latest(string outRoot, string jobName)
    {
        string root = Path.GetFullPath(outRoot);
        string name = SafeName(jobName);
        try
        {
            int number = Directory.Exists(root) ? LargestNumber(root, name) : 0;
            return number == 0 ? null : new RunDirectory(Path.Combine(root, $"{name}-{number}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{root}: the folder of runs cannot be read ({AtomicFile.Reason(e)})", e);
        }
    }

    /// <summary>Stores the effective job.</summary>
    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public void WriteJob(string jobJson) => AtomicFile.ReplaceText(JobPath, jobJson.TrimEnd() + "\n");

    /// <summary>The effective job as it was stored.</summary>
    /// <exception cref="UserFaultException">It cannot be read.</exception>
    public string ReadJob()
    {
        try
        {
            return File.ReadAllText(JobPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{JobPath} cannot be read: {AtomicFile.Reason(e)}", e);
        }
    }

    internal static string SafeName(string jobName)
    {
        var safe = new StringBuilder(jobName.Length);
        foreach (char c in jobName)
        {
            bool keep = char.IsAsciiLetterOrDigit(c) || c is '.' or '_';
            if (keep || (safe.Length > 0 && safe[^1] != '-'))
            {
                safe.Append(keep ? c : '-');
            }
        }

        string name = safe.ToString(0, Math.Min(safe.Length, LongestName)).Trim('-', '.');
        return name.Length == 0 ? "run" : name;
    }

    private static int LargestNumber(string root, string name)
    {
        int largest = 0;
        foreach (string path in Directory.EnumerateFileSystemEntries(root, name + "-*"))
        {
            ReadOnlySpan<char> number = Path.GetFileName(path.AsSpan())[(name.Length + 1)..];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                && value < int.MaxValue)
            {
                largest = Math.Max(largest, value);
            }
        }

        return largest;
    }
}
