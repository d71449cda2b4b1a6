namespace DistTrain.Cli.Shell;

/// <summary>
/// The lines typed at the prompt, the newest last, each once. They are kept in a file that only its owner may
/// read; several shells may add to it. A line that begins with a blank, or that could hold a secret, is
/// not remembered at all.
/// </summary>
internal sealed class History
{
    private const int MostLines = 1000;
    private const long MostBytes = 1 << 20;
    private readonly string _path;
    private readonly string? _token;
    private readonly List<string> _lines = [];

    /// <param name="path">The file; need not be there.</param>
    /// <param name="token">The cluster's token, which no line may hold.</param>
    public History(string path, string? token)
    {
        _path = path;
        _token = token;
        Guard(Load);
    }

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Why lines are not kept, for people; null: they are.</summary>
    public string? Fault { get; private set; }

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || MayHoldSecret(line))
        {
            return;
        }

        Remember(line.TrimEnd());
        Guard(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using var writer = new StreamWriter(_path, Options(FileMode.Append));
            writer.Write(line.TrimEnd() + "\n");
        });
    }

    private bool MayHoldSecret(string line)
        => (_token is not null && line.Contains(_token, StringComparison.Ordinal))
            || line.Contains("DISTTRAIN_TOKEN=", StringComparison.Ordinal)
            || line.Split(' ').Any(word => word == "--token"
                || word.StartsWith("--token=", StringComparison.Ordinal)
                || word.StartsWith("--token:", StringComparison.Ordinal));

    private void Load()
    {
        var file = new FileInfo(_path);
        if (!file.Exists)
        {
            return;
        }

        if (file.Length > MostBytes)
        {
            file.Delete();
            return;
        }

        string[] all = File.ReadAllLines(_path);
        foreach (string line in all)
        {
            Remember(line);
        }

        if (all.Length > 2 * MostLines)
        {
            using var writer = new StreamWriter(_path, Options(FileMode.Create));
            _lines.ForEach(line => writer.Write(line + "\n"));
        }
    }

    private void Remember(string line)
    {
        _lines.Remove(line);
        _lines.Add(line);
        if (_lines.Count > MostLines)
        {
            _lines.RemoveAt(0);
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"{_path}: lines are not kept: {e.Message}";
        }
    }
}
