using System.Text;
using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.HostilePorts;

/// <summary>What comes to the port for workers and is none, while a job runs that must not notice.</summary>
public sealed class LinkPortTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    private const string Token = "a-token-of-the-tests-4711";

    private static readonly ClusterOptions Guarded = new() { Token = Token };

    [SkippableFact]
    public async Task Garbage_truncated_oversized_replayed_and_wrong_token_handshakes_disturb_nothing()
    {
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(Guarded, "w1");
        (_, LinkProxy proxy) = await StartBehindProxyAsync(cluster, "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(10);

        byte[] garbage = new byte[64 << 10];
        new Random(1).NextBytes(garbage);
        (await AnswerToAsync(cluster, garbage)).ShouldBeEmpty("a stranger is told nothing");
        await cluster.WhenSaidAsync("what comes is not DistTrain");

        byte[] oversized = Stranger.Handshake(Stranger.HelloKind, new byte[60_000]);
        (await AnswerToAsync(cluster, oversized)).ShouldBeEmpty();
        await cluster.WhenSaidAsync("a handshake frame of 60000 bytes");

        using (Stranger truncating = await Stranger.ConnectAsync(cluster.Link))
        {
            await truncating.SendAsync(Stranger.Hello("truncated", hasToken: true)[..20]);
        }

        await cluster.WhenSaidAsync("it closed during the handshake");

        using Stranger guessing = await Stranger.ConnectAsync(cluster.Link);
        (await guessing.ShakeHandsAsync("guessing", "another-token")).ShouldBe(Stranger.RefusalKind);
        (await guessing.ReadToEndAsync()).ShouldBeEmpty();

        // Its hello is genuine, its proof was: but not for what the coordinator says this time.
        int from = cluster.Transcript.Position;
        using Stranger replaying = await Stranger.ConnectAsync(cluster.Link);
        await replaying.SendAsync(proxy.Up.FirstBytes);
        (await replaying.ReadHandshakeAsync()).Kind.ShouldBe(Stranger.HelloKind);
        (await replaying.ReadHandshakeAsync()).Kind.ShouldBe(Stranger.RefusalKind);
        await cluster.WhenSaidAsync("the tokens differ", from);

        await EndUndisturbedAsync(cluster, run, hash);
    }

    [SkippableFact]
    public async Task Garbage_truncated_and_oversized_frames_behind_a_good_handshake_disturb_nothing()
    {
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(Guarded, "w1", "w2");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(10);
        await SendBehindHandshakeAsync(cluster, Stranger.Frame(99, 5, 0, 1, 2, 3, 4, 5));
        await SendBehindHandshakeAsync(cluster, Stranger.Frame(1, uint.MaxValue, 0));
        await SendBehindHandshakeAsync(cluster, Stranger.Frame(1, 5, 0, 0xff, 0xff, 0xff, 0xff, 0xff));
        await SendBehindHandshakeAsync(cluster, Stranger.Frame(2, 4 << 20, 1, new byte[64]), truncated: true);
        await SendBehindHandshakeAsync(cluster, Stranger.Frame(3, 1 << 30, 1));
        await EndUndisturbedAsync(cluster, run, hash);
    }

    [SkippableFact]
    public async Task Two_hundred_connections_that_never_finish_the_handshake_keep_no_worker_out()
    {
        const int Many = 200;
        string hash = HashOf(TestJob.Long);
        TestCluster cluster = await StartAsync(Guarded, "w1");
        WatchedJob run = await cluster.SubmitAsync(TestJob.Long);
        await run.ReachAsync(10);
        var strangers = new List<Stranger>();
        try
        {
            for (int i = 0; i < Many; i++)
            {
                Stranger stranger = await Stranger.ConnectAsync(cluster.Link);
                strangers.Add(stranger);
                await stranger.SendAsync(Stranger.Hello($"s{i}", hasToken: true)[..(i % 40)]);
            }

            await cluster.StartWorkersAsync("w2");
            await cluster.WhenWorkingAsync("w2", run);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        await EndUndisturbedAsync(cluster, run, hash);
    }

    [SkippableFact]
    public async Task A_node_of_another_protocol_version_is_told_what_to_install()
    {
        TestCluster cluster = await StartAsync(Guarded);
        using Stranger old = await Stranger.ConnectAsync(cluster.Link);
        await old.SendAsync(Stranger.Hello("old", hasToken: true, lowest: 0, highest: 0));
        (int kind, byte[] frame) = await old.ReadHandshakeAsync();
        kind.ShouldBe(Stranger.RefusalKind);
        frame[8].ShouldBe((byte)1, "trying again cannot help");
        string version = (await cluster.Client.ClusterAsync()).Version;
        Encoding.UTF8.GetString(frame[9..]).ShouldEndWith($": install DistTrain {version} for old");
        await cluster.WhenSaidAsync($"install DistTrain {version} for old");
    }

    private static async Task<byte[]> AnswerToAsync(TestCluster cluster, byte[] sent)
    {
        using Stranger stranger = await Stranger.ConnectAsync(cluster.Link);
        await stranger.SendAsync(sent);
        return await stranger.ReadToEndAsync();
    }

    private static async Task SendBehindHandshakeAsync(
        TestCluster cluster, byte[] frame, bool truncated = false)
    {
        using Stranger insider = await Stranger.ConnectAsync(cluster.Link);
        (await insider.ShakeHandsAsync("insider", Token)).ShouldBe(Stranger.ProofKind);
        await insider.SendAsync(frame);
        if (!truncated)
        {
            await insider.ReadToEndAsync();
        }
    }

    /// <summary>Its workers kept their links, its attempt was the first, its bits are right.</summary>
    private static async Task EndUndisturbedAsync(TestCluster cluster, WatchedJob run, string hash)
    {
        (await run.EndAsync(hash)).Attempt.ShouldBe(1);
        cluster.Transcript.Of("coordinator").ShouldNotContain(line => line.Contains(" is gone"));
    }
}
