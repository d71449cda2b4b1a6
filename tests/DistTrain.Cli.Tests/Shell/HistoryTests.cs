using DistTrain.Cli.Shell;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Shell;

public sealed class HistoryTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Lines_are_kept_each_once_for_the_next_shell_and_for_the_owner_alone()
    {
        History history = Open();
        string[] typed = ["job list", "cluster status", "job list", "", " secret", "settings "];
        foreach (string line in typed)
        {
            history.Add(line);
        }

        string[] expected = ["cluster status", "job list", "settings"];
        history.Lines.ShouldBe(expected);
        Open().Lines.ShouldBe(expected);
        history.Fault.ShouldBeNull();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_workspace.File("below/history"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("job list --token abc")]
    [InlineData("job list --token=abc")]
    [InlineData("DISTTRAIN_TOKEN=abc disttrain job list")]
    [InlineData("job submit sesame.json")]
    public void A_line_that_could_hold_a_secret_is_not_remembered(string line)
    {
        History history = Open();
        history.Add(line);
        history.Lines.ShouldBeEmpty();
        File.Exists(_workspace.File("below/history")).ShouldBeFalse();
        history.Add("job list --token-file f");
        history.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public void A_long_history_is_cut_and_one_that_cannot_be_kept_says_so()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 2500).Select(i => $"line {i}\n");
        _workspace.Write("below/history", string.Concat(lines));
        Open().Lines.Count.ShouldBe(1000);
        File.ReadAllLines(_workspace.File("below/history"))[^1].ShouldBe("line 2499");
        File.ReadAllLines(_workspace.File("below/history")).Length.ShouldBe(1000);

        _workspace.Write("file", "x");
        var nowhere = new History(_workspace.File("file/history"), token: null);
        nowhere.Add("job list");
        nowhere.Lines.ShouldBe(["job list"]);
        nowhere.Fault.ShouldNotBeNull();
    }

    private History Open() => new(_workspace.File("below/history"), "sesame");
}
