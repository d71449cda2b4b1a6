using DistTrain.Cli.Shell;
using DistTrain.Cli.Tests.Terminal;

namespace DistTrain.Cli.Tests.Shell;

public class LineEditorTests
{
    private const string Prompt = "> ";
    private static readonly string[] History = ["job list", "job status m-1", "cluster status"];
    private readonly Screen _screen = new(40, 10);
    private Func<string, int, Completions> _complete = (_, _) => new Completions(0, []);

    [Theory]
    [InlineData("hello⏎", "hello")]
    [InlineData("helo←l⏎", "hello")]
    [InlineData("bc⇤a⇥d⏎", "abcd")]
    [InlineData("bc^Aa^Ed⏎", "abcd")]
    [InlineData("ab←⌦⏎", "a")]
    [InlineData("ab⌫⌫⌫c⏎", "c")]
    [InlineData("one two^W^Wx⏎", "x")]
    [InlineData("one two^Wx⏎", "one x")]
    [InlineData("one two^U⏎", "")]
    [InlineData("one two⇤→→→^K⏎", "one")]
    [InlineData("one^U two^Y⏎", " twoone")]
    [InlineData("↑⏎", "cluster status")]
    [InlineData("↑↑↑↑⏎", "job list")]
    [InlineData("new↑↑↓↓!⏎", "new!")]
    [InlineData("^P^P^N⏎", "cluster status")]
    [InlineData("^Rjob⏎", "job status m-1")]
    [InlineData("^Rjob^R⏎", "job list")]
    [InlineData("^Rjob^R^R^R!⌫⏎", "job status m-1")]
    [InlineData("^Rxyz⏎", "")]
    [InlineData("a^Rjob^Gb⏎", "ab")]
    [InlineData("^Rclus←!⏎", "cluster statu!s")]
    [InlineData("ab⇤^D⏎", "b")]
    public void Keys_do_what_people_know_from_their_shells(string keys, string line)
        => Type(keys).ShouldBe((LineEnd.Entered, line));

    [Fact]
    public void Ctrl_C_abandons_the_line_and_ctrl_D_closes_an_empty_one()
    {
        Type("abc^C").End.ShouldBe(LineEnd.Abandoned);
        _screen.Text[0].ShouldBe("> abc^C");
        Type("^D").End.ShouldBe(LineEnd.Closed);
    }

    [Fact]
    public void A_line_longer_than_the_screen_stays_in_one_row_with_the_cursor_in_sight()
    {
        string line = string.Concat(Enumerable.Range(0, 30).Select(i => $"{i:D2} "));
        Type(line + "⏎").Text.ShouldBe(line);
        _screen.Text.ShouldBe(["> " + line[^37..].TrimEnd()]);
        Type(line + "⇤x⏎").Text.ShouldBe("x" + line);
        _screen.Text[1].ShouldBe("> " + ("x" + line)[..37].TrimEnd());
    }

    [Fact]
    public void Tab_completes_as_far_as_all_agree_and_then_shows_the_choice()
    {
        string[] words = ["status", "stop", "list"];
        _complete = (line, cursor) =>
        {
            string word = line[..cursor].Split(' ')[^1];
            return new Completions(word.Length, [.. words.Where(known => known.StartsWith(word))]);
        };
        Type("job l↹⏎").Text.ShouldBe("job list ");
        Type("job s↹a↹x⏎").Text.ShouldBe("job status x");
        _screen.Text.ShouldNotContain("status  stop");
        Type("job st↹⏎").Text.ShouldBe("job st");
        _screen.Text.ShouldContain("status  stop");
        Type("job z↹⏎").Text.ShouldBe("job z");
    }

    private (LineEnd End, string Text) Type(string keys)
    {
        var pressed = new Queue<ConsoleKeyInfo>(Keys(keys));
        return new LineEditor(pressed.Dequeue, _screen, (line, cursor) => _complete(line, cursor))
            .Read(Prompt, History);
    }

    private static IEnumerable<ConsoleKeyInfo> Keys(string keys)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] == '^')
            {
                char letter = keys[++i];
                yield return new((char)(letter - '@'), ConsoleKey.A + (letter - 'A'), false, false, true);
                continue;
            }

            ConsoleKey named = keys[i] switch
            {
                '⏎' => ConsoleKey.Enter,
                '←' => ConsoleKey.LeftArrow,
                '→' => ConsoleKey.RightArrow,
                '↑' => ConsoleKey.UpArrow,
                '↓' => ConsoleKey.DownArrow,
                '⇤' => ConsoleKey.Home,
                '⇥' => ConsoleKey.End,
                '⌫' => ConsoleKey.Backspace,
                '⌦' => ConsoleKey.Delete,
                '↹' => ConsoleKey.Tab,
                _ => ConsoleKey.None,
            };
            yield return new(named == ConsoleKey.None ? keys[i] : '\0', named, false, false, false);
        }
    }
}
