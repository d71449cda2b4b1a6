using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DistTrain.Core;

namespace DistTrain.Study.Tuning.Trials;

/// <summary>
/// trials.jsonl: what a search is, then a line for every trial that has ended. A line is on disk before the
/// next trial is chosen, so that an interruption at any point costs the trials under way and no other.
/// </summary>
public sealed class TrialJournal : IDisposable
{
    public const string FileName = "trials.jsonl";
    private const long MostBytes = 1L << 30;

    private readonly FileStream _file;
    private readonly IReadOnlyList<string> _paths;

    private TrialJournal(FileStream file, SearchIdentity identity)
    {
        _file = file;
        _paths = identity.Paths;
    }

    /// <summary>Trials of before, in the order in which they ended.</summary>
    public IReadOnlyList<Trial> Earlier { get; private set; } = [];

    /// <summary>Begins a search in a folder, or goes on with the one that is there.</summary>
    /// <exception cref="UserFaultException">
    /// The folder holds another search, is in use, or cannot be written.
    /// </exception>
    public static TrialJournal Open(string folder, SearchIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        string path = Path.Combine(folder, FileName);
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(folder);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var journal = new TrialJournal(file, identity);
            journal.ReadEarlier(path, identity);
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new UserFaultException(
                $"{path} cannot be opened: another search may be using it, or the folder cannot be written",
                e);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }

    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public void Append(Trial trial) => AppendLine(TrialJson.Write(trial, _paths));

    public void Dispose() => _file.Dispose();

    private void ReadEarlier(string path, SearchIdentity identity)
    {
        if (_file.Length > MostBytes)
        {
            throw new UserFaultException($"{path} is too long to be a search's trials");
        }

        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        // What a crash left of a line has no line break.
        int whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (whole == 0)
        {
            _file.SetLength(0);
            AppendLine(identity.ToJson());
            return;
        }

        string[] lines = Encoding.UTF8.GetString(bytes, 0, whole - 1).Split('\n');
        CheckIdentity(path, lines[0], identity);
        Earlier = [.. lines.Skip(1).Select((line, i) => ReadTrial(path, i + 2, line))];
        _file.SetLength(whole);
        _file.Position = whole;
    }

    private static void CheckIdentity(string path, string line, SearchIdentity identity)
    {
        IReadOnlyList<string> differences;
        try
        {
            differences = identity.DifferencesFrom(
                JsonNode.Parse(line) as JsonObject ?? throw new FormatException("it is not an object"));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new UserFaultException($"{path}:1: {e.Message.Split('\n')[0]}", e);
        }

        if (differences.Count > 0)
        {
            throw new UserFaultException([.. differences.Select(
                difference => $"{path} is another search's: {difference}; choose another --out")]);
        }
    }

    private Trial ReadTrial(string path, int number, string line)
    {
        try
        {
            return TrialJson.Read(line, _paths);
        }
        catch (FormatException e)
        {
            throw new UserFaultException(
                $"{path}:{number}: {e.Message}; remove the line to have the trial run again", e);
        }
    }

    private void AppendLine(JsonObject line)
    {
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new RunFaultException($"{_file.Name} could not be written: {e.Message}", e);
        }
    }
}
