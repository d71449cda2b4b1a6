using DistTrain.Cli.Nodes;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Core;
using DistTrain.Core.Engine;

namespace DistTrain.Cli.Tests.Nodes;

/// <summary>Shell scripts stand in for the nodes; <c>$1</c> is the command.</summary>
public sealed class LocalClusterTests : IDisposable
{
    private const string Ready = """
        case $1 in
          coordinator) echo '{"event":"listening","listen":"127.0.0.1:1","http":"http://127.0.0.1:2"}';;
          worker) echo "{\"event\":\"joined\",\"name\":\"$5\"}";;
        esac
        """;

    private readonly Workspace _workspace = new();
    private readonly List<string> _notices = [];
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _workspace.Dispose();
        _stop.Dispose();
    }

    [SkippableFact]
    public async Task Nodes_are_started_named_forwarded_and_taken_down_by_the_end_of_their_stdin()
    {
        bool up = false;
        await RunAsync(
            $"{Ready}\necho \"$*\" >&2\necho $DISTTRAIN_TOKEN >&2\ncat > /dev/null\necho left >&2\n",
            () =>
            {
                up = true;
                _stop.Cancel();
            });
        up.ShouldBeTrue();
        _notices.ShouldContain("coordinator | coordinator --listen 127.0.0.1:0 --http h --until-stdin-ends");
        _notices.ShouldContain(
            "worker-2 | worker --coordinator 127.0.0.1:1 --name worker-2 --device cpu --until-stdin-ends");
        _notices.Count(line => line.EndsWith("| sesame")).ShouldBe(3);
        _notices.Count(line => line.EndsWith("| left")).ShouldBe(3);
        _notices.ShouldNotContain(line => line.Contains("was ended"));
        _notices.ShouldNotContain(line => line.Contains("event"));
    }

    [SkippableFact]
    public async Task One_that_dies_before_all_are_there_takes_the_others_down()
    {
        var fault = await Should.ThrowAsync<RunFaultException>(() => RunAsync(
            $"[ \"$5\" = worker-2 ] && exit 7\n{Ready}\ncat > /dev/null\n",
            () => Assert.Fail("it was not up")));
        fault.Message.ShouldBe("worker-2 ended with exit code 7 before all were there");
    }

    [SkippableFact]
    public async Task A_worker_lost_later_is_said_and_a_coordinator_lost_is_the_end()
    {
        // Worker 1 leaves once all are there, and the coordinator once that has been said.
        string gate = _workspace.File("gate"), gone = _workspace.File("gone");
        string script = $"mkfifo {gate} {gone} 2> /dev/null\n{Ready}\n"
            + $"case $1$5 in worker*1) read x < {gate}; exit 3;; "
            + $"coordinator*) read x < {gone}; exit 4;; esac\ncat > /dev/null\n";
        var fault = await Should.ThrowAsync<RunFaultException>(
            () => RunAsync(script, () => File.WriteAllText(gate, "go\n"), OnNotice));
        fault.Message.ShouldBe("coordinator ended with exit code 4");
        _notices.ShouldContain("worker-1 ended with exit code 3; the others go on");

        void OnNotice(string line)
        {
            if (line.StartsWith("worker-1 ended", StringComparison.Ordinal))
            {
                File.WriteAllText(gone, "go\n");
            }
        }
    }

    [SkippableFact]
    public async Task One_that_does_not_leave_is_ended()
    {
        await RunAsync($"{Ready}\nexec sleep 1000\n", _stop.Cancel);
        _notices.Count(line => line.Contains("did not leave in 0.1 s and was ended")).ShouldBe(3);
    }

    private Task RunAsync(string script, Action up, Action<string>? onNotice = null)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no sh");
        string path = _workspace.Write("node.sh", script);
        var options = new LocalClusterOptions
        {
            Program = new ProgramFile("/bin/sh", [path]),
            Workers = 2,
            CoordinatorArguments = ["--http", "h"],
            WorkerArguments = [],
            Devices = DeviceList.Parse("cpu"),
            Variables = new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["DISTTRAIN_TOKEN"] = "sesame",
            },
            Grace = script.Contains("sleep") ? TimeSpan.FromSeconds(0.1) : TimeSpan.FromSeconds(30),
        };
        return new LocalCluster(options, Note, TimeProvider.System).RunAsync(_ => up(), _stop.Token);

        void Note(string line)
        {
            lock (_notices)
            {
                _notices.Add(line);
            }

            onNotice?.Invoke(line);
        }
    }
}
