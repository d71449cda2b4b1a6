using System.Net;
using System.Text;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.HostilePorts;

/// <summary>What comes to the API's port and is no request, while a job runs that must not notice.</summary>
public sealed class ApiPortTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    [SkippableFact]
    public async Task What_is_no_HTTP_or_too_much_of_it_disturbs_nothing()
    {
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(null, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(10);
        byte[] garbage = new byte[64 << 10];
        new Random(2).NextBytes(garbage);
        await AnswerAsync(cluster, garbage);
        await AnswerAsync(cluster, Stranger.Hello("lost", hasToken: false));
        (await AnswerAsync(cluster, "GET /api/v1/jobs HTTP/9.9\r\n\r\n")).ShouldStartWith("HTTP/1.1 505");
        (await AnswerAsync(cluster, $"GET /{new string('x', 20_000)} HTTP/1.1\r\n\r\n"))
            .ShouldStartWith("HTTP/1.1 414");
        string header = new('x', 40_000);
        (await AnswerAsync(cluster, $"GET /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX: {header}\r\n\r\n"))
            .ShouldStartWith("HTTP/1.1 431");
        (await AnswerAsync(
            cluster,
            "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 99999999999999\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 413");

        // One that never finishes its request is left open to the end.
        using Stranger dawdling = await Stranger.ConnectAsync(PortOf(cluster));
        await dawdling.SendAsync(Encoding.ASCII.GetBytes("POST /api/v1/jobs HTTP/1.1\r\nHo"));
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
    }

    private static IPEndPoint PortOf(TestCluster cluster)
        => new(IPAddress.Parse(cluster.Http.Host), cluster.Http.Port);

    private static Task<string> AnswerAsync(TestCluster cluster, string request)
        => AnswerAsync(cluster, Encoding.ASCII.GetBytes(request));

    private static async Task<string> AnswerAsync(TestCluster cluster, byte[] request)
    {
        using Stranger stranger = await Stranger.ConnectAsync(PortOf(cluster));
        await stranger.SendAsync(request);
        return Encoding.ASCII.GetString(await stranger.ReadToEndAsync());
    }
}
