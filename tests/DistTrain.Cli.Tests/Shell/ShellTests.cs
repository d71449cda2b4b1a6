using DistTrain.Cli.Shell;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Terminal;

namespace DistTrain.Cli.Tests.Shell;

public sealed class ShellTests : IDisposable
{
    private readonly InProcess _program = new();

    public ShellTests()
    {
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-1"));
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-2"));
        _program.Cluster.Nodes.Add(Client.Workers.Node("worker-1"));
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_script_runs_line_by_line_and_its_shells_options_hold_for_every_command()
    {
        (await ScriptAsync("""

            # a comment
            job pause mnist-1
            disttrain job stop mnist-2 --server http://own:1
            """, "--server http://shell:1")).ShouldBe(0);
        _program.Cluster.Asked.ShouldBe(["pause mnist-1", "stop mnist-2"]);
        _program.Connected!.Server.ShouldBe(new Uri("http://own:1"));
        (await ScriptAsync("job list", "--server http://shell:1")).ShouldBe(0);
        _program.Connected.Server.ShouldBe(new Uri("http://shell:1"));
    }

    [Theory]
    [InlineData("job pause mnist-1\njob pause nothing\njob stop mnist-1", 2, "pause mnist-1")]
    [InlineData("job pause mnist-1\nexit\njob stop mnist-1", 0, "pause mnist-1")]
    [InlineData("jbo list", 2, "")]
    [InlineData("shell", 2, "")]
    public async Task A_script_ends_at_the_first_command_that_fails_or_at_exit(
        string script, int exitCode, string asked)
    {
        (await ScriptAsync(script)).ShouldBe(exitCode, _program.Errors.ToString());
        string.Join('\n', _program.Cluster.Asked).ShouldBe(asked);
    }

    [Fact]
    public async Task Help_is_the_grammars()
    {
        (await ScriptAsync("help job scale\nhelp")).ShouldBe(0);
        _program.Output.ToString().ShouldContain("--workers");
        _program.Output.ToString().ShouldContain("At the prompt also: help COMMAND, history, exit.");
    }

    [Fact]
    public async Task At_a_terminal_a_failure_is_said_and_the_prompt_comes_back()
    {
        const string Typed = "jbo\rjob pause mnist-1\r\r\u0003history\rexit\r";
        var keys = new Queue<ConsoleKeyInfo>(Typed.Select(c => c switch
        {
            '\r' => new ConsoleKeyInfo(c, ConsoleKey.Enter, false, false, false),
            '\u0003' => new ConsoleKeyInfo(c, ConsoleKey.C, false, false, true),
            _ => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false),
        }));
        var screen = new Screen(60, 20);
        var editor = new LineEditor(keys.Dequeue, screen, (_, _) => new Completions(0, []));
        var history = new History(_program.Workspace.File("history"), token: null);
        (await new ShellSession(_program.Context).TalkAsync(editor, history)).ShouldBe(0);
        _program.ErrorLines.ShouldHaveSingleItem()
            .ShouldContain("unknown command jbo; did you mean \"job\"?");
        _program.Cluster.Asked.ShouldBe(["pause mnist-1"]);
        _program.OutputLines.ShouldBe(["done", "jbo", "job pause mnist-1", "history"]);
        screen.Text[1].ShouldBe("disttrain> job pause mnist-1");
    }

    [Theory]
    [InlineData("", "job")]
    [InlineData("", "exit")]
    [InlineData("clu", "cluster")]
    [InlineData("job st", "status stop")]
    [InlineData("job status ", "mnist-2 mnist-1")]
    [InlineData("job status mnist-2", "mnist-2")]
    [InlineData("cluster drain w", "worker-1")]
    [InlineData("job submit --w", "--watch")]
    public void Completion_knows_commands_options_jobs_and_nodes(string line, string words)
    {
        CommandContext context = _program.Context with
        {
            KnownNames = new LiveNames(_program.Cluster, TimeProvider.System).Of,
        };
        Completions offered = ShellGrammar.Complete(line, line.Length, context);
        offered.Length.ShouldBe(line.Split(' ')[^1].Length);
        if (line.Length == 0)
        {
            offered.Words.ShouldContain(words);
            offered.Words.ShouldNotContain("shell");
        }
        else
        {
            offered.Words.ShouldBe(words.Split(' '), ignoreOrder: true);
        }
    }

    [Fact]
    public void A_coordinator_that_fails_has_no_names()
    {
        _program.Cluster.Fault = new DistTrain.Core.UserFaultException("nobody answers");
        new LiveNames(_program.Cluster, TimeProvider.System).Of(NameKind.Job).ShouldBeEmpty();
    }

    private Task<int> ScriptAsync(string script, string options = "")
    {
        _program.Context = _program.Context with { OpenScript = () => new StringReader(script) };
        return _program.RunAsync($"shell {options}".Trim());
    }
}
