namespace DistTrain.Cli.Shell;

/// <summary>Up and down through earlier lines; what was being typed waits below the newest.</summary>
internal sealed class HistoryWalk(IReadOnlyList<string> lines)
{
    private readonly string[] _lines = [.. lines];
    private int _at = lines.Count;
    private string _typed = "";

    /// <summary>The line above; null: there is none.</summary>
    public string? Older(string current)
    {
        if (_at == 0)
        {
            return null;
        }

        if (_at == _lines.Length)
        {
            _typed = current;
        }

        return _lines[--_at];
    }

    /// <summary>The line below, at last what was being typed; null: there is none.</summary>
    public string? Newer()
        => _at == _lines.Length ? null
            : ++_at == _lines.Length ? _typed
            : _lines[_at];

    /// <summary>The newest line above <paramref name="below"/> that holds a text; -1: none.</summary>
    public int Find(string text, int below)
        => below <= 0 ? -1 : Array.FindLastIndex(
            _lines, below - 1, line => line.Contains(text, StringComparison.Ordinal));

    public int Count => _lines.Length;

    public string this[int index] => _lines[index];
}
