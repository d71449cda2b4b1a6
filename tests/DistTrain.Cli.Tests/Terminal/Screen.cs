using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

/// <summary>
/// A terminal in memory: obeys the few escape codes the live view uses, scrolls, wraps, and throws at any
/// other code. What scrolled away is kept in the history.
/// </summary>
internal sealed class Screen(int width, int height) : ITerminal
{
    private readonly List<char[]> _rows = [.. Enumerable.Range(0, height).Select(_ => Blank(width))];
    private readonly List<string> _history = [];
    private int _x;
    private int _y;

    public (int Width, int Height) Size { get; set; } = (width, height);

    /// <summary>Everything that was written, as it came.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>True: writing fails, as on a terminal that was closed.</summary>
    public bool Gone { get; set; }

    /// <summary>What a person scrolling up sees, without blank rows at the end.</summary>
    public string[] Text
    {
        get
        {
            List<string> all = [.. _history, .. _rows.Select(row => new string(row).TrimEnd())];
            return [.. all.Take(1 + all.FindLastIndex(row => row.Length > 0))];
        }
    }

    public int CursorRow => _history.Count + _y;

    public void Write(string text)
    {
        if (Gone)
        {
            throw new IOException("input/output error");
        }

        Writes.Add(text);
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r':
                    _x = 0;
                    break;
                case '\n':
                    NextRow();
                    break;
                case '\e':
                    int end = text.AsSpan(i).IndexOfAnyExcept("\e[?0123456789;") + i;
                    Obey(text[(i + 2)..end], text[end]);
                    i = end;
                    break;
                default:
                    Put(text[i]);
                    break;
            }
        }
    }

    private void Put(char c)
    {
        if (_x == Size.Width)
        {
            _x = 0;
            NextRow();
        }

        _rows[_y][_x++] = c;
    }

    private void NextRow()
    {
        if (++_y == _rows.Count)
        {
            _history.Add(new string(_rows[0]).TrimEnd());
            _rows.RemoveAt(0);
            _rows.Add(Blank(Size.Width));
            _y--;
        }
    }

    private void Obey(string parameters, char code)
    {
        switch (code)
        {
            case 'A':
                _y = Math.Max(0, _y - int.Parse(parameters));
                break;
            case 'K' when parameters is "":
                _rows[_y].AsSpan(_x).Fill(' ');
                break;
            case 'J' when parameters is "":
                _rows[_y].AsSpan(_x).Fill(' ');
                _rows.Skip(_y + 1).ToList().ForEach(row => row.AsSpan().Fill(' '));
                break;
            case 'm':
            case 'h' or 'l' when parameters is "?25" or "?2026":
                break;
            default:
                throw new NotSupportedException($"ESC[{parameters}{code}");
        }
    }

    private static char[] Blank(int width) => [.. Enumerable.Repeat(' ', width)];
}
