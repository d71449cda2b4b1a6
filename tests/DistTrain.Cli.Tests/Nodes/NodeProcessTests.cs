using System.Text.Json;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Nodes;

/// <summary>Nodes as the processes they are.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void A_node_that_is_to_go_with_its_stdin_goes()
    {
        // The harness closes stdin at once, as the system does when the process at its other end is killed.
        ProgramResult result = Disttrain.Run(
            _workspace, "coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--state", "st",
            "--until-stdin-ends");
        result.ExitCode.ShouldBe(0, result.Errors);
        result.ErrorLines.ShouldContain(line => line.StartsWith("state ") && line.EndsWith("--state"));
    }

    [SkippableFact]
    public void Up_brings_a_cluster_up_and_takes_it_down_when_told_to()
    {
        Needs.Engine();
        Needs.Signals();
        using ProgramRun run = Disttrain.Start(
            _workspace, "up", "--workers", "2", "--http", "127.0.0.1:0", "--state", "st");
        run.WaitForLine(line => line == "2 workers are there; in another terminal:");
        string export = run.WaitForLine(line => line.StartsWith("  export "));
        File.Exists(_workspace.File("st/token")).ShouldBeTrue();
        string server = export.Split("DISTTRAIN_SERVER=")[1].Split(' ')[0];
        ProgramResult status = Disttrain.Run(
            _workspace, "cluster", "status", "--server", server, "--token-file", "st/token", "--json");
        status.ExitCode.ShouldBe(0, status.Errors);
        JsonSerializer.Deserialize<JsonElement>(status.LastLine).GetProperty("nodes").EnumerateArray()
            .Select(node => node.GetProperty("name").GetString()).Order().ShouldBe(["worker-1", "worker-2"]);
        ProgramResult stranger = Disttrain.Run(_workspace, "cluster", "status", "--server", server);
        stranger.ExitCode.ShouldBe(2);
        stranger.ErrorLines.ShouldHaveSingleItem().ShouldContain("does not accept the token");

        run.Terminate();
        ProgramResult result = run.Wait();
        result.ExitCode.ShouldBe(0, result.Errors);
        result.OutputLines.ShouldHaveSingleItem().ShouldContain("\"event\":\"up\"");
        result.ErrorLines.ShouldNotContain(line => line.Contains("was ended"));
        File.Exists(_workspace.File("st/token")).ShouldBeFalse();
    }
}
