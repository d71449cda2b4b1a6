using System.Diagnostics;
using System.Net;
using System.Text.Json;
using DistTrain.Api;

namespace DistTrain.MultiNode.Tests.Harness;

/// <summary>How the nodes of a test are started.</summary>
internal sealed record ClusterOptions
{
    /// <summary>Options of the coordinator, such as <c>--heartbeat 100ms</c>.</summary>
    public IReadOnlyList<string> CoordinatorOptions { get; init; } = [];

    /// <summary>Options of every worker.</summary>
    public IReadOnlyList<string> WorkerOptions { get; init; } = [];

    /// <summary>Options of one node, by its name, such as a port of its own.</summary>
    public Func<string, string[]> NodeOptions { get; init; } = _ => [];

    /// <summary>The folder of the coordinator's state; null: one in the workspace.</summary>
    public string? StateFolder { get; init; }

    /// <summary>null: none is asked for.</summary>
    public string? Token { get; init; }

    /// <summary>The certificate that the API's must come from; null: no TLS.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The address the coordinator listens on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>What stands before a node's command line, e.g. what puts it on another host.</summary>
    public Func<string, string[]> Wrapper { get; init; } = _ => [];

    /// <summary>
    /// Silence is noticed sooner than by default, and not so soon that a busy machine is silent.
    /// </summary>
    public static ClusterOptions Alert { get; } = new()
    {
        CoordinatorOptions = ["--heartbeat", "200ms", "--suspect-after", "700ms", "--remove-after", "2s"],
    };
}

/// <summary>
/// A coordinator and workers as real processes, each with a cache of its own, and a client. Whatever happens,
/// they are gone with the test.
/// </summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly List<Node> _nodes = [];
    private readonly List<WatchedJob> _jobs = [];
    private readonly List<ClusterClient> _clients = [];

    public TestCluster(ClusterOptions options)
    {
        _options = options;
        TestJob.WritePoints(Workspace.Path);
    }

    public Workspace Workspace { get; } = new();

    public Transcript Transcript { get; } = new();

    public Node Coordinator { get; private set; } = null!;

    /// <summary>Where workers connect.</summary>
    public IPEndPoint Link { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Where the API is.</summary>
    public Uri Http { get; private set; } = new("http://127.0.0.1:0");

    public ClusterClient Client => _clients[^1];

    public string StateFolder => _options.StateFolder ?? Workspace.File("state");

    /// <summary>Starts the coordinator, or its successor on the same state and ports.</summary>
    public async Task StartCoordinatorAsync()
    {
        Coordinator = StartCoordinator("coordinator", Link.Port, Http.Port);
        await FindAsync(Coordinator);
        if (_clients.Count == 0)
        {
            _clients.Add(Connect());
        }
    }

    /// <summary>Another process has become the coordinator: from now on the client speaks to that.</summary>
    public async Task FollowAsync(Node successor)
    {
        Coordinator = successor;
        await FindAsync(successor);
        _clients.Add(Connect());
    }

    /// <summary>A coordinator on the same state, not waited for.</summary>
    public Node StartCoordinator(string name, int listenPort, int httpPort, string? address = null)
    {
        address ??= _options.Address;
        return Start(
            name,
            [
                "coordinator", "--listen", $"{address}:{listenPort}", "--http", $"{address}:{httpPort}",
                "--state", StateFolder, .. _options.CoordinatorOptions,
            ]);
    }

    /// <summary>Starts a worker and does not wait for it.</summary>
    /// <param name="via">The port it is to connect to, where that is not the coordinator's own.</param>
    public Node StartWorker(string name, IPEndPoint? via = null, params string[] more) => Start(
        name,
        [
            "worker", "--coordinator", $"{via ?? Link}", "--name", name, "--threads", "1",
            .. _options.WorkerOptions, .. more,
        ]);

    /// <summary>Starts workers and waits until the cluster has them all.</summary>
    public async Task<Node[]> StartWorkersAsync(params string[] names)
    {
        Node[] workers = [.. names.Select(name => StartWorker(name))];
        foreach (Node worker in workers)
        {
            await worker.ReadyAsync();
        }

        return workers;
    }

    /// <summary>The last that was started under this name.</summary>
    public Node Worker(string name) => _nodes.Last(node => node.Name == name);

    /// <summary>Submits a job and follows it.</summary>
    public async Task<WatchedJob> SubmitAsync(TestJob job) => Watch(await SubmitUnwatchedAsync(job));

    public Task<JobView> SubmitUnwatchedAsync(TestJob job)
        => Client.SubmitAsync(new SubmitRequest(job.ToJson(Workspace.Path), "job.json", []));

    public WatchedJob Watch(JobView submitted)
    {
        var watched = new WatchedJob(Client, submitted, Transcript);
        _jobs.Add(watched);
        return watched;
    }

    /// <summary>Waits until the cluster looks like this.</summary>
    public Task<ClusterView> WhenAsync(string what, Func<ClusterView, bool> wanted)
        => Patience.UntilAsync(what, async () =>
        {
            ClusterView view = await Client.ClusterAsync();
            return wanted(view) ? view : null;
        });

    /// <summary>Waits until a worker takes part in a job.</summary>
    public Task<ClusterView> WhenWorkingAsync(string worker, WatchedJob job) => WhenAsync(
        $"{worker} works on {job.Id}",
        view => view.Nodes.Any(node => node.Name == worker && node.Job == job.Id && node.Pace is not null));

    /// <summary>Waits until a worker is no member any more.</summary>
    public Task<ClusterView> WhenGoneAsync(string worker) => WhenAsync(
        $"{worker} is given up", view => view.Nodes.All(node => node.Name != worker));

    /// <summary>Waits until the coordinator has said a line.</summary>
    public Task<string> WhenSaidAsync(string text, int from = 0)
        => Transcript.WhenSaidAsync("coordinator", text, from);

    public async ValueTask DisposeAsync()
    {
        foreach (WatchedJob job in _jobs)
        {
            await job.DisposeAsync();
        }

        foreach (Node node in _nodes)
        {
            await node.DisposeAsync();
        }

        _clients.ForEach(client => client.Dispose());
        Workspace.Dispose();
    }

    private async Task FindAsync(Node coordinator)
    {
        JsonElement ready = await coordinator.ReadyAsync();
        Link = IPEndPoint.Parse(ready.GetProperty("listen").GetString()!);
        Http = new Uri(ready.GetProperty("http").GetString()!);
    }

    private ClusterClient Connect() => new(new ClusterClientOptions
    {
        Server = Http,
        Token = _options.Token,
        CaFile = _options.AuthorityFile,
        LongestPause = TimeSpan.FromMilliseconds(250),
        Notice = line => Transcript.Add("client", line),
    });

    private Node Start(string name, string[] arguments)
    {
        ProcessStartInfo program = Disttrain.StartInfo(
            Workspace,
            [.. arguments, .. _options.NodeOptions(name), "--settings", "none", "--until-stdin-ends"]);
        string[] command = [.. _options.Wrapper(name), program.FileName, .. program.ArgumentList];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = Workspace.Path,
        };
        start.Environment.Clear();
        foreach ((string variable, string? value) in program.Environment.Where(IsForNodes))
        {
            start.Environment[variable] = value;
        }

        start.Environment["XDG_CACHE_HOME"] = Workspace.File($"{name}-cache");
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        if (_options.Token is { } token)
        {
            start.Environment["DISTTRAIN_TOKEN"] = token;
        }

        var node = new Node(name, start, Transcript);
        _nodes.Add(node);
        return node;
    }

    /// <summary>What the shell of the tests was told about settings is not meant for these nodes.</summary>
    private static bool IsForNodes(KeyValuePair<string, string?> variable)
        => !variable.Key.StartsWith("DISTTRAIN_", StringComparison.Ordinal)
            || variable.Key == "DISTTRAIN_NATIVE";
}
