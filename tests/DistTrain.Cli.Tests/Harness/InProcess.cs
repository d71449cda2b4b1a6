using DistTrain.Cli.Client;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>The program's commands in this process, in a world whose every part the test sees.</summary>
internal sealed class InProcess : IDisposable
{
    public InProcess() => Context = new CommandContext
    {
        Output = Output,
        Errors = Errors,
        Look = TextLook.Plain,
        Variables = Variables,
        Folder = Workspace.Path,
        Time = TimeProvider.System,
        Connect = settings =>
        {
            Connected = settings;
            return Cluster;
        },
        Nodes = Nodes,
        OpenView = (quiet, _) => quiet ? new QuietView(Errors) : new PlainView(Errors),
    };

    public Workspace Workspace { get; } = new();

    public FakeCluster Cluster { get; } = new();

    public FakeNodes Nodes { get; } = new();

    /// <summary>The environment; the user's own settings file is nowhere.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal)
    {
        ["XDG_CONFIG_HOME"] = "/nowhere",
        ["XDG_STATE_HOME"] = "/nowhere",
    };

    public StringWriter Output { get; } = new() { NewLine = "\n" };

    public StringWriter Errors { get; } = new() { NewLine = "\n" };

    /// <summary>What the last command that talked to the cluster was told.</summary>
    public ClientSettings? Connected { get; private set; }

    public CommandContext Context { get; set; }

    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Errors);

    /// <summary>Runs a line of words without blanks in them; the exit code.</summary>
    public Task<int> RunAsync(string line) => CommandLine.RunAsync(line.Split(' '), Context);

    /// <summary>A line that must be refused: exit code 2, nothing on stdout; the complaints.</summary>
    public async Task<string[]> RefuseAsync(string line)
    {
        Errors.GetStringBuilder().Clear();
        (await RunAsync(line)).ShouldBe(2, Errors.ToString());
        Output.ToString().ShouldBe("");
        ErrorLines.ShouldAllBe(complaint => complaint.StartsWith("disttrain: "));
        return [.. ErrorLines.Select(complaint => complaint["disttrain: ".Length..])];
    }

    public void Dispose()
    {
        Workspace.Dispose();
        Output.Dispose();
        Errors.Dispose();
    }

    private static string[] Lines(StringWriter writer)
        => writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Nodes that note what they were told, say that they are ready, and leave.</summary>
internal sealed class FakeNodes : INodeLauncher
{
    public CoordinatorSettings? Coordinator { get; private set; }

    public WorkerSettings? Worker { get; private set; }

    public Task RunCoordinatorAsync(
        CoordinatorSettings settings, Action<string> notice, Action<CoordinatorAddresses> listening,
        CancellationToken stop)
    {
        Coordinator = settings;
        listening(new CoordinatorAddresses("127.0.0.1:40213", new Uri("http://127.0.0.1:7701")));
        return Task.CompletedTask;
    }

    public Task RunWorkerAsync(
        WorkerSettings settings, Action<string> notice, Action joined, CancellationToken stop)
    {
        Worker = settings;
        joined();
        return Task.CompletedTask;
    }
}
