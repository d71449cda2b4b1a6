using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using DistTrain.Akka.Membership;
using DistTrain.Core;

namespace DistTrain.Akka.Tests.Membership;

public sealed class ClusterSystemTests
{
    private static readonly AkkaOptions Local = new() { Host = "127.0.0.1", Port = 7702, Seeds = [] };

    [Fact]
    public void A_user_s_configuration_goes_before_ours_and_the_command_line_before_both()
    {
        Config config = ClusterSystem.ConfigurationOf(
            Local with
            {
                Configuration = """
                    akka.cluster.split-brain-resolver.stable-after = 21s
                    akka.remote.dot-netty.tcp.port = 1
                    """,
            },
            ClusterSystem.WorkerRole);
        config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after", null)
            .ShouldBe(TimeSpan.FromSeconds(21));
        config.GetInt("akka.remote.dot-netty.tcp.port", 0).ShouldBe(7702);
        config.GetStringList("akka.cluster.roles", []).ShouldBe(["worker"]);
        config.GetString("akka.cluster.split-brain-resolver.active-strategy", null).ShouldBe("keep-oldest");
        config.GetString("akka.cluster.split-brain-resolver.keep-oldest.role", null).ShouldBe("coordinator");
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("10.1.2.3", "0.0.0.0")]
    [InlineData("gpu-0.link", "0.0.0.0")]
    public void Only_a_host_that_others_reach_opens_the_port_to_them(string host, string bound)
        => ClusterSystem.ConfigurationOf(Local with { Host = host }, ClusterSystem.WorkerRole)
            .GetString("akka.remote.dot-netty.tcp.hostname", null).ShouldBe(bound);

    [Fact]
    public void A_configuration_that_is_no_HOCON_is_the_user_s_fault()
        => Should.Throw<UserFaultException>(() => ClusterSystem.Create(
            Local with { Configuration = "akka { loglevel = " }, ClusterSystem.WorkerRole))
            .Message.ShouldStartWith("--akka-config: this is no HOCON: ");

    [Fact]
    public void A_port_that_is_taken_is_the_user_s_fault()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        UserFaultException fault = Should.Throw<UserFaultException>(
            () => ClusterSystem.Create(Local with { Port = port }, ClusterSystem.WorkerRole));
        fault.Message.ShouldStartWith($"--akka-host 127.0.0.1, --akka-port {port}: ");
        fault.Message.ShouldNotContain("\n");
    }
}
