using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Shell;

/// <summary>What completion offers for the word before the cursor.</summary>
/// <param name="Length">Characters of that word that are typed already.</param>
/// <param name="Words">Whole words it may become.</param>
internal sealed record Completions(int Length, IReadOnlyList<string> Words);

/// <summary>How a line was ended.</summary>
internal enum LineEnd { Entered, Abandoned, Closed }

/// <summary>
/// Reads a line at a terminal, with the keys that people know from their shells. The line takes one row of
/// the screen, however long it is: what does not fit is scrolled sideways, so that nothing ever wraps.
/// </summary>
/// <param name="readKey">The next key; waits for it.</param>
/// <param name="terminal">Where the line is drawn.</param>
/// <param name="complete">What a line may become at a cursor.</param>
internal sealed class LineEditor(
    Func<ConsoleKeyInfo> readKey, ITerminal terminal, Func<string, int, Completions> complete)
{
    private const int MostShown = 60;

    private LineBuffer _line = new();
    private HistoryWalk _history = new([]);
    private HistorySearch? _search;
    private LineEnd? _end;

    /// <summary>Reads one line.</summary>
    public (LineEnd End, string Text) Read(string prompt, IReadOnlyList<string> history)
    {
        _line = new LineBuffer();
        _history = new HistoryWalk(history);
        _search = null;
        _end = null;
        Draw(prompt);
        while (_end is null)
        {
            ConsoleKeyInfo key = readKey();
            if (_search is null || !Searched(key, _search))
            {
                Edited(key, prompt);
            }

            Draw(prompt);
        }

        terminal.Write(_end == LineEnd.Abandoned ? "^C\r\n" : "\r\n");
        return (_end.Value, _line.Text);
    }

    /// <summary>True: the key belonged to the search.</summary>
    private bool Searched(ConsoleKeyInfo key, HistorySearch search)
    {
        switch (key)
        {
            case { Modifiers: ConsoleModifiers.Control, Key: ConsoleKey.R }:
                search.Older();
                return true;
            case { Modifiers: ConsoleModifiers.Control, Key: ConsoleKey.G or ConsoleKey.C }
                or { Key: ConsoleKey.Escape }:
                _search = null;
                return true;
            case { Key: ConsoleKey.Backspace }:
                search.Backspace();
                return true;
            case { KeyChar: var c } when !char.IsControl(c):
                search.Type(c);
                return true;
            default:
                // Any other key takes the match over and then does what it does.
                _line.Set(search.Match ?? _line.Text);
                _search = null;
                return false;
        }
    }

    private void Edited(ConsoleKeyInfo key, string prompt)
    {
        if (key.Modifiers == ConsoleModifiers.Control)
        {
            Controlled(key.Key);
            return;
        }

        switch (key.Key)
        {
            case ConsoleKey.Enter: _end = LineEnd.Entered; break;
            case ConsoleKey.Backspace: _line.DeleteBefore(); break;
            case ConsoleKey.Delete: _line.DeleteAt(); break;
            case ConsoleKey.LeftArrow: _line.Move(-1); break;
            case ConsoleKey.RightArrow: _line.Move(1); break;
            case ConsoleKey.Home: _line.MoveToStart(); break;
            case ConsoleKey.End: _line.MoveToEnd(); break;
            case ConsoleKey.UpArrow: Recall(_history.Older(_line.Text)); break;
            case ConsoleKey.DownArrow: Recall(_history.Newer()); break;
            case ConsoleKey.Tab: Complete(prompt); break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    _line.Insert(key.KeyChar.ToString());
                }

                break;
        }
    }

    private void Controlled(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _line.MoveToStart(); break;
            case ConsoleKey.E: _line.MoveToEnd(); break;
            case ConsoleKey.B: _line.Move(-1); break;
            case ConsoleKey.F: _line.Move(1); break;
            case ConsoleKey.LeftArrow: _line.MoveToWordStart(); break;
            case ConsoleKey.RightArrow: _line.MoveToWordEnd(); break;
            case ConsoleKey.H: _line.DeleteBefore(); break;
            case ConsoleKey.K: _line.CutToEnd(); break;
            case ConsoleKey.U: _line.CutToStart(); break;
            case ConsoleKey.W: _line.CutWord(); break;
            case ConsoleKey.Y: _line.Paste(); break;
            case ConsoleKey.P: Recall(_history.Older(_line.Text)); break;
            case ConsoleKey.N: Recall(_history.Newer()); break;
            case ConsoleKey.R: _search = new HistorySearch(_history); break;
            case ConsoleKey.C: _end = LineEnd.Abandoned; break;
            case ConsoleKey.D when _line.Text.Length == 0: _end = LineEnd.Closed; break;
            case ConsoleKey.D: _line.DeleteAt(); break;
            default: break;
        }
    }

    private void Recall(string? line) => _line.Set(line ?? _line.Text);

    /// <summary>As far as all words agree; where that is nothing new, they are shown.</summary>
    private void Complete(string prompt)
    {
        Completions offered = complete(_line.Text, _line.Cursor);
        if (offered.Words.Count == 0)
        {
            return;
        }

        string common = offered.Words.Aggregate(Common);
        if (offered.Words.Count == 1)
        {
            _line.ReplaceBefore(offered.Length, common + " ");
        }
        else if (common.Length > offered.Length)
        {
            _line.ReplaceBefore(offered.Length, common);
        }
        else
        {
            int hidden = offered.Words.Count - MostShown;
            string more = hidden > 0 ? $"  and {hidden} more" : "";
            Draw(prompt);
            terminal.Write("\r\n" + string.Join("  ", offered.Words.Take(MostShown)) + more + "\r\n");
        }
    }

    private static string Common(string a, string b) => a[..a.AsSpan().CommonPrefixLength(b)];

    private void Draw(string prompt)
    {
        string head = _search is { } search ? $"(search \"{search.Query}\") " : prompt;
        string text = _search is null ? _line.Text : _search.Match ?? "";
        int cursor = _search is null ? _line.Cursor : text.Length;
        int room = Math.Max(terminal.Size.Width - head.Length - 1, 1);
        int from = Math.Max(0, cursor - room);
        string shown = text.Substring(from, Math.Min(room, text.Length - from));
        terminal.Write($"\r{head}{shown}\e[K\r{head}{shown[..(cursor - from)]}");
    }
}
