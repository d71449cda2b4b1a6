using System.Text.Json;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Tests.Client;

public sealed class JobCommandTests : IDisposable
{
    private readonly InProcess _program = new();

    public JobCommandTests()
    {
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-1", JobState.Completed));
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-2"));
        _program.Cluster.Jobs.Add(
            FakeCluster.Job("cifar-1", JobState.Queued) with { Epoch = 0, Loss = null });
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Submit_hands_the_file_on_as_it_is_and_prints_the_id_alone()
    {
        _program.Workspace.Write("my.json", "{ not json");
        (await _program.RunAsync("job submit my.json --set epochs=3 --set seed=4")).ShouldBe(0);
        _program.Cluster.Submitted!.JobJson.ShouldBe("{ not json");
        _program.Cluster.Submitted.Source.ShouldBe("my.json");
        _program.Cluster.Submitted.Set.ShouldBe(["epochs=3", "seed=4"]);
        _program.OutputLines.ShouldBe(["mnist-1"]);
    }

    [Theory]
    [InlineData("job submit nothing.json", "there is no such job file")]
    [InlineData("job submit my.json --set epochs", "write it as path=value")]
    [InlineData("job scale mnist-2 --workers 0", "--workers: must be a whole number from 1, not 0")]
    [InlineData("job scale mnist-2", "--workers")]
    [InlineData("job status minst-1", "there is no job minst-1; did you mean \"mnist-1\"?")]
    [InlineData("job pause xyz", "there is no job xyz; see disttrain job list")]
    [InlineData("job watch mnist", "mnist is the beginning of several jobs: mnist-1, mnist-2")]
    [InlineData("job result mnist-2", "no result yet, it is running; to wait for it: disttrain job watch")]
    [InlineData("job stats x", "unknown command stats; did you mean \"status\"?")]
    [InlineData("job list --server nowhere", "--server: must be an http or https address")]
    [InlineData("job list --token-file none", "there is no such file")]
    [InlineData("cluster drain worker-9", "there is no worker worker-9; see disttrain cluster status")]
    public async Task What_makes_no_sense_is_refused_in_one_line(string line, string complaint)
    {
        _program.Workspace.Write("my.json", "{}");
        (await _program.RefuseAsync(line)).ShouldHaveSingleItem().ShouldContain(complaint);
        _program.Cluster.Submitted.ShouldBeNull();
    }

    [Theory]
    [InlineData("job pause mnist-2", "pause mnist-2")]
    [InlineData("job resume mnist-2", "resume mnist-2")]
    [InlineData("job stop c", "stop cifar-1")]
    [InlineData("job scale mnist-2 --workers 3", "scale mnist-2 3")]
    public async Task Steering_reaches_the_job_that_is_meant(string line, string asked)
    {
        _program.Cluster.Reply = new(CommandStatus.Done, "so it is");
        (await _program.RunAsync(line)).ShouldBe(0);
        _program.Cluster.Asked.ShouldBe([asked]);
        _program.OutputLines.ShouldBe(["so it is"]);
        (await _program.RunAsync(line + " --json")).ShouldBe(0);
        _program.OutputLines[1].ShouldBe("""{"status":"done","text":"so it is"}""");
    }

    [Fact]
    public async Task A_refused_command_is_the_users_fault()
    {
        _program.Cluster.Reply = new(CommandStatus.Conflict, "mnist-1 is finished");
        (await _program.RefuseAsync("job stop mnist-1")).ShouldBe(["mnist-1 is finished"]);
    }

    [Fact]
    public async Task List_is_a_table_and_with_json_one_line()
    {
        (await _program.RunAsync("job list")).ShouldBe(0);
        _program.OutputLines[0].ShouldStartWith(
            "job      state      epoch  done    loss  workers  samples/s");
        _program.OutputLines[1].ShouldStartWith(
            "mnist-1  completed    1/2  37 %  0.2500        2     21,430");
        _program.OutputLines[3].ShouldStartWith(
            "cifar-1  queued         -  37 %       -        2     21,430");
        (await _program.RunAsync("job list --json")).ShouldBe(0);
        JsonElement list = JsonSerializer.Deserialize<JsonElement>(_program.OutputLines[^1]);
        list.GetProperty("jobs")[2].GetProperty("id").GetString().ShouldBe("cifar-1");
    }

    [Fact]
    public async Task Status_says_all_of_a_job()
    {
        (await _program.RunAsync("job status mnist-2")).ShouldBe(0);
        _program.OutputLines.ShouldContain("job         mnist-2 (mnist-mlp)");
        _program.OutputLines.ShouldContain("progress    epoch 1/2, step 3/8, 37 %");
        _program.OutputLines.ShouldContain("workers     a, b (wants 1 to 4)");
    }

    [Fact]
    public async Task Cluster_status_names_workers_jobs_and_the_last_of_the_log()
    {
        _program.Cluster.Nodes.Add(Workers.Node("worker-1"));
        _program.Cluster.Nodes.Add(Workers.Node("worker-2") with { Pace = Workers.Slow("worker-2") });
        (await _program.RunAsync("cluster status")).ShouldBe(0);
        _program.OutputLines.ShouldContain(line => line.StartsWith("worker-2  alive, slow  cpu"));
        _program.OutputLines.ShouldContain(line => line.StartsWith("mnist-2"));
        _program.OutputLines[^1].ShouldEndWith("a joined");
        (await _program.RunAsync("cluster drain worker-1")).ShouldBe(0);
        _program.Cluster.Asked.ShouldBe(["drain worker-1"]);
    }

    [Fact]
    public async Task Where_the_cluster_is_comes_from_the_settings()
    {
        _program.Variables["DISTTRAIN_SERVER"] = "https://gpu-0:1";
        _program.Variables["DISTTRAIN_TOKEN"] = "sesame";
        await _program.RunAsync("job list");
        _program.Connected!.Server.ShouldBe(new Uri("https://gpu-0:1"));
        _program.Connected.Token.ShouldBe("sesame");
        await _program.RunAsync("job list --server http://other:2");
        _program.Connected.Server.ShouldBe(new Uri("http://other:2"));
    }

    [Fact]
    public async Task Faults_of_the_coordinator_keep_their_exit_codes()
    {
        _program.Cluster.Fault = new RunFaultException("it broke");
        (await _program.RunAsync("job list")).ShouldBe(1);
        _program.ErrorLines.ShouldBe(["disttrain: it broke"]);
        _program.Cluster.Fault = new UserFaultException(["one", "two"]);
        (await _program.RefuseAsync("job list")).ShouldBe(["one", "two"]);
    }
}
