namespace DistTrain.Cli.Shell;

/// <summary>Ctrl-R: the newest line that holds what is typed; Ctrl-R again, the next older one.</summary>
internal sealed class HistorySearch(HistoryWalk history)
{
    private int _at = history.Count;

    public string Query { get; private set; } = "";

    /// <summary>null: nothing that was typed earlier holds the query.</summary>
    public string? Match { get; private set; }

    public void Type(char c)
    {
        Query += c;
        Find(Math.Min(_at + 1, history.Count));
    }

    public void Backspace()
    {
        Query = Query.Length > 0 ? Query[..^1] : Query;
        Find(history.Count);
    }

    public void Older()
    {
        // Where there is none, the one that was found last stays.
        if (Query.Length > 0 && history.Find(Query, _at) is var found and >= 0)
        {
            (_at, Match) = (found, history[found]);
        }
    }

    private void Find(int below)
    {
        int found = Query.Length == 0 ? -1 : history.Find(Query, below);
        Match = found < 0 ? null : history[found];
        _at = found < 0 ? history.Count : found;
    }
}
