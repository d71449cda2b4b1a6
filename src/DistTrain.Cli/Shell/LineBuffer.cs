namespace DistTrain.Cli.Shell;

/// <summary>A line being typed: its text, the cursor in it, and what was last cut out.</summary>
internal sealed class LineBuffer
{
    private string _cut = "";

    public string Text { get; private set; } = "";

    /// <summary>From 0, before the first character, to the text's length.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void Move(int by) => Cursor = Math.Clamp(Cursor + by, 0, Text.Length);

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Text.Length;

    public void MoveToWordStart() => Cursor = WordStart();

    public void MoveToWordEnd() => Cursor = WordEnd();

    public void DeleteBefore() => Remove(Cursor - 1, Cursor);

    public void DeleteAt() => Remove(Cursor, Cursor + 1);

    public void CutToEnd() => Cut(Cursor, Text.Length);

    public void CutToStart() => Cut(0, Cursor);

    public void CutWord() => Cut(WordStart(), Cursor);

    /// <summary>Puts back what was cut last.</summary>
    public void Paste() => Insert(_cut);

    /// <summary>Replaces the characters before the cursor.</summary>
    public void ReplaceBefore(int count, string text)
    {
        Remove(Cursor - count, Cursor);
        Insert(text);
    }

    private void Cut(int from, int to)
    {
        if (to > from)
        {
            _cut = Text[from..to];
            Remove(from, to);
        }
    }

    private void Remove(int from, int to)
    {
        if (from < 0 || to > Text.Length)
        {
            return;
        }

        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && Text[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }

    private int WordEnd()
    {
        int at = Cursor;
        while (at < Text.Length && Text[at] == ' ')
        {
            at++;
        }

        while (at < Text.Length && Text[at] != ' ')
        {
            at++;
        }

        return at;
    }
}
