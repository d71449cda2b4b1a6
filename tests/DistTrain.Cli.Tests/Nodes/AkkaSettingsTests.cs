using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Nodes;

/// <summary>What nodes of an Akka.NET cluster are told, in builds with it and without.</summary>
public sealed class AkkaSettingsTests : IDisposable
{
    private readonly InProcess _program = new();

    public void Dispose() => _program.Dispose();

    [SkippableTheory]
    [InlineData("coordinator --cluster akka")]
    [InlineData("worker --cluster akka --seed-node gpu-0:7702")]
    public async Task A_build_without_it_says_so_in_one_line(string line)
    {
        Skip.If(AkkaNodes.WhyNot is null, "this build has Akka.NET");
        (await _program.RefuseAsync(line)).ShouldHaveSingleItem()
            .ShouldStartWith("--cluster: this build is without Akka.NET; build it with ");
    }

    [SkippableFact]
    public async Task Seeds_host_port_and_configuration_reach_the_node()
    {
        NeedsAkka();
        _program.Workspace.Write("my.conf", "akka.loglevel = DEBUG");
        int code = await _program.RunAsync(
            "worker --cluster akka --seed-node gpu-0:7702,[::1]:7703 --akka-host gpu-1 --akka-port 7800 "
            + "--akka-config my.conf");
        code.ShouldBe(0, _program.Errors.ToString());
        AkkaSettings told = _program.Nodes.Worker!.Akka!;
        told.Seeds.ShouldBe([new NodeAddress("gpu-0", 7702), new NodeAddress("::1", 7703)]);
        (told.Host, told.Port, told.IsOpen).ShouldBe(("gpu-1", 7800, true));
        told.ConfigPath.ShouldBe(_program.Workspace.File("my.conf"));
    }

    [SkippableFact]
    public async Task A_coordinator_without_seeds_founds_a_cluster_of_its_own()
    {
        NeedsAkka();
        (await _program.RunAsync("coordinator --cluster akka --akka-port 7800")).ShouldBe(0);
        AkkaSettings told = _program.Nodes.Coordinator!.Akka!;
        told.Seeds.ShouldBe([new NodeAddress("127.0.0.1", 7800)]);
        told.IsOpen.ShouldBeFalse();
    }

    [SkippableTheory]
    [InlineData("worker --cluster akka", "--cluster: a worker needs --seed-node HOST:PORT")]
    [InlineData("coordinator --cluster akka --akka-host gpu-0", "and 127.0.0.1:7700 listens to")]
    [InlineData("coordinator --cluster akka --akka-config none.conf", "none.conf: there is no such file")]
    public async Task What_does_not_go_together_is_refused(string line, string complaint)
    {
        NeedsAkka();
        (await _program.RefuseAsync(line)).ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Theory]
    [InlineData("worker --seed-node gpu-0:7702", "--seed-node: means something only with --cluster akka")]
    [InlineData("worker --seed-node gpu-0", "--seed-node: must be hosts and ports from 1 to 65535")]
    [InlineData("worker --seed-node gpu-0:7702,", "--seed-node: must be hosts and ports")]
    [InlineData("worker --cluster udp", "--cluster: must be tcp or akka, not \"udp\"")]
    [InlineData("worker --cluster 1", "--cluster: must be tcp or akka")]
    [InlineData("coordinator --akka-port 0", "--akka-port: must be a whole number from 1 to 65535")]
    [InlineData("coordinator --akka-host a:b", "--akka-host: must be a host's name or address")]
    public async Task What_cannot_be_meant_is_refused_in_any_build(string line, string complaint)
        => (await _program.RefuseAsync(line)).ShouldHaveSingleItem().ShouldStartWith(complaint);

    [Fact]
    public async Task Without_the_setting_a_node_is_one_of_TCP()
    {
        (await _program.RunAsync("worker")).ShouldBe(0);
        _program.Nodes.Worker!.Akka.ShouldBeNull();
    }

    private static void NeedsAkka()
        => Skip.If(AkkaNodes.WhyNot is not null, "this build is without Akka.NET");
}
