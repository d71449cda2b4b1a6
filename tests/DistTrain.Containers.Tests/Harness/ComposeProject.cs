using System.Diagnostics;
using DistTrain.Api;

namespace DistTrain.Containers.Tests.Harness;

/// <summary>
/// The cluster of docker/compose.yaml, brought up as docs/containers.md tells, by <c>docker compose</c> or by
/// what stands in its place. It has a name and ports of its own, and is gone with the test.
/// </summary>
internal sealed class ComposeProject : IDisposable
{
    private static readonly string[] Command =
        Environment.GetEnvironmentVariable("CONTAINER_COMPOSE")?.Split(' ') ?? [];

    private readonly string _name = $"dtc{Environment.ProcessId}";
    private readonly Dictionary<string, string> _variables;
    private readonly Workspace _workspace = new();

    public ComposeProject(int workers)
    {
        TokenFile = new TokenFile(_workspace);
        (int api, int prometheus) = (Engine.FreePort(), Engine.FreePort());
        (Http, Prometheus) = (new($"http://127.0.0.1:{api}"), new($"http://127.0.0.1:{prometheus}"));
        _variables = new(StringComparer.Ordinal)
        {
            ["CLUSTER_TOKEN_FILE"] = TokenFile.Path,
            ["CLUSTER_DATA"] = Path.GetDirectoryName(Needs.SharedData("mnist"))!,
            ["CLUSTER_IMAGE"] = Engine.Image,
            ["CLUSTER_WORKERS"] = $"{workers}",
            ["CLUSTER_PORT"] = $"{api}",
            ["PROMETHEUS_PORT"] = $"{prometheus}",
            ["COMPOSE_PROFILES"] = "metrics",
        };
        Client = new ClusterClient(new ClusterClientOptions { Server = Http, Token = TokenFile.Token });
    }

    public TokenFile TokenFile { get; }

    public ClusterClient Client { get; }

    /// <summary>Where the coordinator is published.</summary>
    public Uri Http { get; }

    /// <summary>Where Prometheus is published.</summary>
    public Uri Prometheus { get; }

    public static void Needed()
    {
        Engine.Needed();
        Skip.If(Command.Length == 0, "no compose is named; ./build.sh test-containers looks for one");
    }

    /// <summary>
    /// Starts these services, and waits for nothing. podman-compose 1.0.3 has been seen to report success
    /// with nothing started; a user would ask it again.
    /// </summary>
    public void Up(params string[] services)
    {
        for (int tries = 0; tries < 2 && Containers().Length == 0; tries++)
        {
            ProgramResult result = Call(_variables, ["up", "--detach", .. services]);
            result.ExitCode.ShouldBe(0, result.Errors);
        }

        Containers().ShouldNotBeEmpty("compose says that it has started them");
    }

    /// <summary>What a user is told who has set nothing.</summary>
    public ProgramResult TryUpWithoutVariables() => Call([], ["up", "--detach", "coordinator"]);

    /// <summary>What the containers said.</summary>
    public string Logs() => string.Join('\n', Containers().SelectMany(id => Engine.Try("logs", id) is var said
        ? said.OutputLines.Concat(said.ErrorLines).Select(line => $"{id[..12]} {line}")
        : []));

    public void Dispose()
    {
        // With the volumes that have no name; podman-compose would leave them, and the network as well.
        foreach (string id in Containers())
        {
            Engine.Try("rm", "--force", "--volumes", id);
        }

        Call(_variables, ["down", "--volumes"]);
        Engine.Try("network", "rm", $"{_name}_default");
        Client.Dispose();
        _workspace.Dispose();
    }

    private string[] Containers() => Engine.Try(
        "ps", "--all", "--quiet", "--no-trunc",
        "--filter", $"label=com.docker.compose.project={_name}").OutputLines;

    private ProgramResult Call(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Command[0],
            [
                .. Command[1..], "-p", _name, "-f", Needs.RepositoryFile("docker/compose.yaml"), .. arguments,
            ]);
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return Engine.Finish(start);
    }
}
