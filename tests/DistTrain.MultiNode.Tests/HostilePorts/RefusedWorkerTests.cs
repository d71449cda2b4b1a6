using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.HostilePorts;

/// <summary>Workers that are told wrong things say so in a line and end, and do not try for ever.</summary>
public sealed class RefusedWorkerTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task A_worker_with_another_token_or_none_says_so_and_ends()
    {
        TestCluster cluster = await StartAsync(new ClusterOptions { Token = "the-right-token-0815" });
        string other = cluster.Workspace.Write("other", "another-token-1234");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(other, UnixFileMode.UserRead);
        }

        await RefusedAsync(
            cluster, cluster.StartWorker("w1", via: null, "--token-file", other),
            "disttrain: the tokens differ: give both ends the same token file");
        TestCluster open = await StartAsync();
        await RefusedAsync(
            open, open.StartWorker("w2", via: null, "--token-file", other),
            "disttrain: coordinator has no token and w2 has one: give both the same token file, or neither");
    }

    [SkippableFact]
    public async Task A_worker_that_cannot_trust_the_certificate_says_so_and_ends()
    {
        Certificates certificates = Own(new Certificates("127.0.0.1"));
        Certificates others = Own(new Certificates("127.0.0.1"));
        TestCluster cluster = await StartAsync(certificates.Options with { WorkerOptions = [] });
        await RefusedAsync(
            cluster, cluster.StartWorker("w1", via: null, [.. others.Options.WorkerOptions]), "certificate");
        string none = cluster.Workspace.Write("none.pem", "nothing");
        await RefusedAsync(cluster, cluster.StartWorker("w2", via: null, "--tls-ca", none), "none.pem");
    }

    private static async Task RefusedAsync(TestCluster cluster, Node worker, string line)
    {
        (await worker.Ended.OrFail($"{worker.Name} ends")).ShouldBe(2);
        cluster.Transcript.Of(worker.Name).ShouldContain(
            said => said.StartsWith("disttrain: ") && said.Contains(line));
    }
}
