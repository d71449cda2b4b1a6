using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Hosts;

/// <summary>Every node on a host of its own, and a network between them that is not a good one.</summary>
public sealed class NetworkTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    private static readonly TestJob Brief = new() { Name = "brief", Epochs = 6 };

    [SkippableFact]
    public async Task A_worker_parted_from_the_network_is_given_up_and_back_once_it_is_joined_again()
    {
        string hash = HashOf(new TestJob());
        (TestCluster cluster, NetworkHosts hosts) = await StartOnHostsAsync(ClusterOptions.Alert);
        WatchedJob run = await cluster.SubmitAsync(new TestJob { MinWorkers = 2 });
        await cluster.WhenWorkingAsync("w2", run);
        hosts.Part("w2");
        await cluster.WhenSaidAsync("w2 is gone: nothing heard for 2 s");
        await run.WhenNoticedAsync("waiting for workers: 1 here, 2 needed");
        await cluster.Transcript.WhenSaidAsync("w2", "lost the coordinator: the coordinator is silent");
        hosts.Heal("w2");
        await run.WhenNoticedAsync("going on with 2 workers");
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    [SkippableFact]
    public async Task Under_TLS_hosts_train_as_one_process_does()
    {
        string hash = HashOf(Brief);
        Certificates certificates = Own(new Certificates("10.213.77.2"));
        (TestCluster cluster, _) = await StartOnHostsAsync(certificates.Options);
        await (await cluster.SubmitAsync(Brief)).EndAsync(hash);
    }

    [SkippableFact]
    public async Task A_port_open_to_others_is_refused_without_a_token()
    {
        TestCluster cluster = await StartAsync();
        Node open = cluster.StartCoordinator("open", 0, 0, address: "0.0.0.0");
        (await open.Ended.OrFail("it is refused")).ShouldBe(2);
        cluster.Transcript.Of("open").ShouldContain(
            line => line.StartsWith("disttrain: ") && line.Contains("lets others on the network in"));
    }

    [SkippableTheory]
    [InlineData("delay 20ms")]
    [InlineData("delay 5ms loss 2%")]
    [InlineData("delay 10ms reorder 25% 50%")]
    public async Task A_network_with_(string impairment)
    {
        string hash = HashOf(Brief);
        (TestCluster cluster, _) = await StartOnHostsAsync(new ClusterOptions(), impairment);
        WatchedJob run = await cluster.SubmitAsync(Brief);
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    private async Task<(TestCluster Cluster, NetworkHosts Hosts)> StartOnHostsAsync(
        ClusterOptions options, string? impairment = null)
    {
        Needs.Engine();
        NetworkHosts hosts = Own(new NetworkHosts("coordinator", "w1", "w2"));
        if (impairment is not null)
        {
            hosts.Impair("w1", impairment);
            hosts.Impair("w2", impairment);
        }

        TestCluster cluster = await StartAsync(
            options with
            {
                Address = $"{hosts.AddressOf("coordinator")}",
                Token = "a-token-of-the-hosts-0815",
                Wrapper = hosts.CommandAt,
            },
            "w1", "w2");
        return (cluster, hosts);
    }
}
