using System.Net;
using System.Text;
using DistTrain.Core;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Handshakes;

namespace DistTrain.Net.Tests.Links;

public sealed class LinkListenerTests
{
    private static readonly LinkOptions _worker = LinkPair.Options("gpu-3");

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "is not DistTrain")]
    [InlineData("\u0016\u0003\u0001\u0000\u0001\u0002\u0003\u0004", "is TLS")]
    [InlineData("DTRN\u0001\u0000\u00ff\u00ff", "handshake frame of 65535 bytes")]
    [InlineData("DTRN\u0003\u0000\u0000\u0000", "out of turn")]
    [InlineData("DTRN\u0001\u0000\u0003\u0000abc", "hello is not valid")]
    public async Task Garbage_is_refused_in_the_log_and_told_nothing(string words, string logged)
    {
        await using var port = new Port();
        using var stranger = await Stranger.ConnectAsync(port.Endpoint);
        await stranger.SayAsync(Encoding.Latin1.GetBytes(words));
        (await stranger.HearToTheEndAsync()).ShouldBeEmpty();
        port.NextLine().ShouldContain(logged);
        await using var link = await port.ConnectAsync(_worker);
    }

    [Fact]
    public async Task Two_hundred_connections_that_never_finish_do_not_keep_a_proper_one_out()
    {
        await using var port = new Port(Port.Options with { HandshakeTimeout = TimeSpan.FromSeconds(3) });
        var strangers = new List<Stranger>();
        for (int i = 0; i < 200; i++)
        {
            var stranger = await Stranger.ConnectAsync(port.Endpoint);
            await stranger.SayAsync([(byte)'D', (byte)'T']);
            strangers.Add(stranger);
        }
        await using var link = await port.ConnectAsync(_worker with { HandshakeTimeout = Patience.Limit });
        link.Peer.Name.ShouldBe("coordinator");
        port.NextLine().ShouldContain("took too long");
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task A_frame_for_which_there_is_no_kind_closes_the_link_and_says_why()
    {
        await using var port = new Port();
        using var stranger = await Stranger.ConnectAsync(port.Endpoint);
        byte[] ours = Hello.Of(_worker, ProtocolVersions.Current).Encode();
        await stranger.SayAsync(ours);
        byte[] theirs = await stranger.HearAsync();
        var transcript = new HandshakeTranscript(ours, theirs, Proof.NoChannel);
        await stranger.SayAsync(
            HandshakeFrame.Encode(HandshakeKind.Proof, Proof.Connecting(_worker.Token, transcript)));
        await stranger.HearAsync();
        await stranger.SayAsync([77, .. new byte[15]]);
        Encoding.UTF8.GetString(await stranger.HearToTheEndAsync()).ShouldContain("unknown kind 77");
    }

    [Fact]
    public async Task Nobody_there_is_not_a_refusal()
    {
        var port = new Port();
        await port.DisposeAsync();
        await Should.ThrowAsync<LinkUnreachableException>(port.ConnectAsync(_worker));
    }

    [Fact]
    public async Task Something_else_there_is_a_refusal()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connecting = LinkConnector.ConnectAsync(
            "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, _worker, _ => new RecordingHandler(),
            CancellationToken.None);
        using var other = await Stranger.AcceptAsync(listener.Server);
        await other.SayAsync("SSH-2.0-OpenSSH_9\r\n"u8.ToArray());
        var refused = await Should.ThrowAsync<LinkRefusedException>(connecting);
        refused.Message.ShouldContain("no DistTrain node");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_the_user_s_fault()
    {
        await using var port = new Port();
        Should.Throw<UserFaultException>(
            () => LinkListener.Start(port.Endpoint, Port.Options, _ => new RecordingHandler(), _ => { }))
            .Message.ShouldContain($"cannot listen on {port.Endpoint}");
    }

    [Fact]
    public async Task Disposing_gives_up_handshakes_under_way()
    {
        var port = new Port();
        using var stranger = await Stranger.ConnectAsync(port.Endpoint);
        await stranger.SayAsync([(byte)'D']);
        await port.DisposeAsync();
        (await stranger.HearToTheEndAsync()).ShouldBeEmpty();
    }
}
