using DistTrain.Api;

namespace DistTrain.Containers.Tests.Harness;

/// <summary>
/// A coordinator and workers, each in a container of its own, on a network of their own, under the restrictions
/// that compose.yaml sets: read-only root, no capabilities, the token as a mounted file. Data sets lie with the
/// coordinator alone. Whatever happens, all of it is gone with the test.
/// </summary>
internal sealed class ContainerCluster : IAsyncDisposable
{
    private static readonly string[] Restricted =
    [
        "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--env", "DISTTRAIN_TOKEN_FILE=/run/secrets/token",
    ];

    private readonly string _prefix = $"dt{Environment.ProcessId}";
    private readonly List<string> _containers = [];
    private readonly List<WatchedJob> _jobs = [];
    private readonly int _port = Engine.FreePort();
    private readonly TokenFile _token;
    private readonly string _data;

    public ContainerCluster()
    {
        _data = Path.GetDirectoryName(Needs.SharedData("mnist"))!;
        _token = new TokenFile(Workspace);
        Client = new ClusterClient(new ClusterClientOptions
        {
            Server = Http,
            Token = Token,
            LongestPause = TimeSpan.FromMilliseconds(250),
            Notice = line => Transcript.Add("client", line),
        });
        Engine.Run("network", "create", _prefix);
        Engine.Run("volume", "create", _prefix);
    }

    public Workspace Workspace { get; } = new();

    public Transcript Transcript { get; } = new();

    public ClusterClient Client { get; }

    public string Token => _token.Token;

    /// <summary>Where its API and its page are, seen from outside.</summary>
    public Uri Http => new($"http://127.0.0.1:{_port}");

    /// <summary>Starts a coordinator on the cluster's volume.</summary>
    public void StartCoordinator() => Start(
        "coordinator",
        [
            "--network-alias", "coordinator", "--publish", $"127.0.0.1:{_port}:7701",
            "--volume", $"{_prefix}:/var/lib/disttrain", "--volume", $"{_data}:/data:ro",
            "--env", "DISTTRAIN_DATA=/data", "--env", "DISTTRAIN_HEARTBEAT=200ms",
            "--env", "DISTTRAIN_SUSPECT_AFTER=700ms", "--env", "DISTTRAIN_REMOVE_AFTER=2s",
        ],
        "coordinator");

    public void StartWorkers(params IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            Start(name, ["--env", "DISTTRAIN_THREADS=1"], "worker", "--name", name);
        }
    }

    /// <summary>Ends it without a word.</summary>
    public void Kill(string name)
    {
        Engine.Run("kill", "--signal", "KILL", NameOf(name));
        Remove(name);
    }

    /// <summary>SIGTERM, and the time to leave in good order; its exit code.</summary>
    public int Stop(string name)
    {
        Engine.Run("stop", "--time", "30", NameOf(name));
        string code = Engine.Run("inspect", "--format", "{{.State.ExitCode}}", NameOf(name));
        Remove(name);
        return int.Parse(code);
    }

    /// <summary>Cuts it off from the network; nobody is told.</summary>
    public void Part(string name) => Engine.Run("network", "disconnect", "--force", _prefix, NameOf(name));

    /// <summary>Brings it back.</summary>
    public void Heal(string name) => Engine.Run("network", "connect", _prefix, NameOf(name));

    /// <summary>Whether the image's own check finds the node well.</summary>
    public bool IsHealthy(string name)
        => Engine.Try("exec", NameOf(name), "/opt/healthcheck.sh").ExitCode == 0;

    /// <summary>Submits by the command line, outside of all containers, and follows the job.</summary>
    public async Task<WatchedJob> SubmitAsync(MnistJob job)
    {
        string file = Workspace.Write("job.json", job.ToJson());
        ProgramResult submitted = Disttrain.Run(
            Workspace, "job", "submit", file, "--server", $"{Http}", "--token-file", _token.Path,
            "--settings", "none");
        submitted.ExitCode.ShouldBe(0, submitted.Errors);
        JobView view = (await Client.JobAsync(submitted.LastLine))!;
        var watched = new WatchedJob(Client, view, Transcript);
        _jobs.Add(watched);
        return watched;
    }

    /// <summary>Waits until the cluster looks like this; a coordinator that is just starting is waited for.</summary>
    public Task<ClusterView> WhenAsync(string what, Func<ClusterView, bool> wanted)
        => Patience.UntilAsync(what, async () =>
        {
            try
            {
                ClusterView view = await Client.ClusterAsync();
                return wanted(view) ? view : null;
            }
            catch (Core.DistTrainException)
            {
                return null;
            }
        });

    /// <summary>Waits until exactly these workers are members.</summary>
    public Task<ClusterView> WhenWorkersAreAsync(params string[] names) => WhenAsync(
        $"the workers are {string.Join(", ", names)}",
        view => view.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal).SetEquals(names));

    /// <summary>Waits until a worker takes part in a job.</summary>
    public Task<ClusterView> WhenWorkingAsync(string worker, WatchedJob job) => WhenAsync(
        $"{worker} works on {job.Id}",
        view => view.Nodes.Any(node => node.Name == worker && node.Job == job.Id && node.Pace is not null));

    public async ValueTask DisposeAsync()
    {
        foreach (WatchedJob job in _jobs)
        {
            await job.DisposeAsync();
        }

        foreach (string name in _containers.ToArray())
        {
            Remove(name);
        }

        Engine.Try("network", "rm", _prefix);
        Engine.Try("volume", "rm", _prefix);
        Client.Dispose();
        Workspace.Dispose();
    }

    private void Start(string name, string[] options, params string[] command)
    {
        Engine.Run(
        [
            "run", "--detach", "--name", NameOf(name), "--network", _prefix, .. Restricted, .. options,
            "--volume", $"{_token.Path}:/run/secrets/token:ro", Engine.Image, .. command,
        ]);
        _containers.Add(name);
        Transcript.Add(name, "(starts)");
    }

    /// <summary>Removes it, and keeps what it said.</summary>
    private void Remove(string name)
    {
        foreach (string line in Engine.Try("logs", NameOf(name)).ErrorLines)
        {
            Transcript.Add(name, line);
        }

        Engine.Try("rm", "--force", "--volumes", NameOf(name));
        _containers.Remove(name);
    }

    private string NameOf(string name) => $"{_prefix}-{name}";
}
