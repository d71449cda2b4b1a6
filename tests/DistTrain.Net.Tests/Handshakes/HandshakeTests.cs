using System.Net;
using System.Net.Sockets;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Links;

namespace DistTrain.Net.Tests.Handshakes;

public sealed class HandshakeTests
{
    private static readonly LinkOptions _worker = LinkPair.Options("gpu-3") with { Version = "0.9" };

    [Fact]
    public async Task Another_token_is_refused_in_words_that_say_nothing_about_it()
    {
        await using var port = new Port();
        var refused = await Should.ThrowAsync<LinkRefusedException>(
            port.ConnectAsync(_worker with { Token = "secret2" }));
        refused.IsPermanent.ShouldBeTrue();
        refused.Message.ShouldBe("the tokens differ: give both ends the same token file");
        port.NextLine().ShouldContain("the tokens differ");
        port.Links.ShouldBe(0);
    }

    [Theory]
    [InlineData(null, "secret")]
    [InlineData("secret", null)]
    public async Task Both_ends_have_a_token_or_neither(string? connecting, string? listening)
    {
        await using var port = new Port(Port.Options with { Token = listening });
        var refused = await Should.ThrowAsync<LinkRefusedException>(
            port.ConnectAsync(_worker with { Token = connecting }));
        refused.IsPermanent.ShouldBeTrue();
        refused.Message.ShouldContain("token");
        port.Links.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_token_on_either_end_a_link_is_made()
    {
        await using var port = new Port(Port.Options with { Token = null });
        await using var link = await port.ConnectAsync(_worker with { Token = null });
        link.Peer.Name.ShouldBe("coordinator");
    }

    [Fact]
    public async Task An_older_end_is_told_which_version_to_install()
    {
        await using var port = new Port(protocol: new ProtocolVersions(2, 3));
        var refused = await Should.ThrowAsync<LinkRefusedException>(port.ConnectAsync(_worker));
        refused.IsPermanent.ShouldBeTrue();
        refused.Message.ShouldBe(
            "coordinator runs DistTrain 1.2.3 (link protocol 2 to 3) and gpu-3 runs DistTrain 0.9 "
            + "(link protocol 1): install DistTrain 1.2.3 for gpu-3");
        port.NextLine().ShouldContain("install DistTrain 1.2.3 for gpu-3");
    }

    [Fact]
    public async Task A_newer_end_hears_that_the_listening_end_is_the_old_one()
    {
        await using var port = new Port();
        var refused = await Should.ThrowAsync<LinkRefusedException>(
            port.ConnectAsync(_worker, new ProtocolVersions(2, 2)));
        refused.Message.ShouldContain("install DistTrain 0.9 for coordinator");
    }

    [Fact]
    public async Task Versions_that_overlap_make_a_link()
    {
        await using var port = new Port(protocol: new ProtocolVersions(1, 2));
        await using var link = await port.ConnectAsync(_worker);
        link.Peer.Version.ShouldBe("1.2.3");
    }

    [Fact]
    public async Task A_handshake_replayed_is_refused()
    {
        await using var port = new Port();
        using var proxy = new Recorder(port.Endpoint);
        await using (await proxy.ConnectAsync(_worker))
        {
            // Shaken: the recorder holds the hello and the proof of a proper node.
        }
        using var stranger = await Stranger.ConnectAsync(port.Endpoint);
        await stranger.SayAsync(proxy.Hello);
        await stranger.HearAsync();
        await stranger.SayAsync(proxy.Proof);
        HandshakeFrame.KindOf(await stranger.HearAsync()).ShouldBe(HandshakeKind.Refusal);
        port.NextLine().ShouldContain("the tokens differ");
        port.Links.ShouldBe(1);
    }

    [Fact]
    public async Task A_proof_sent_back_to_where_it_came_from_is_no_proof()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var connecting = LinkConnector.ConnectAsync(
            "127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, _worker, _ => new RecordingHandler(),
            CancellationToken.None);
        using var mirror = await Stranger.AcceptAsync(listener);
        await mirror.SayAsync(await mirror.HearAsync());
        await mirror.SayAsync(await mirror.HearAsync());
        var refused = await Should.ThrowAsync<LinkRefusedException>(connecting);
        refused.Message.ShouldContain("the tokens differ");
    }

    [Fact]
    public async Task A_listening_end_that_does_not_know_the_token_is_refused()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var connecting = LinkConnector.ConnectAsync(
            "127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port, _worker, _ => new RecordingHandler(),
            CancellationToken.None);
        using var impostor = await Stranger.AcceptAsync(listener);
        byte[] theirs = await impostor.HearAsync();
        byte[] ours = Hello.Of(Port.Options, ProtocolVersions.Current).Encode();
        await impostor.SayAsync(ours);
        await impostor.HearAsync();
        var transcript = new HandshakeTranscript(theirs, ours, Proof.NoChannel);
        await impostor.SayAsync(
            HandshakeFrame.Encode(HandshakeKind.Proof, Proof.Listening("guess", transcript)));
        await Should.ThrowAsync<LinkRefusedException>(connecting);
    }

    [Fact]
    public void A_proof_holds_for_its_token_role_nonces_and_channel_only()
    {
        var one = new HandshakeTranscript([1], [2], Proof.NoChannel);
        byte[] proof = Proof.Connecting("secret", one);
        Proof.Holds(proof, Proof.Connecting("secret", one)).ShouldBeTrue();
        Proof.Holds(proof, Proof.Connecting("Secret", one)).ShouldBeFalse();
        Proof.Holds(proof, Proof.Listening("secret", one)).ShouldBeFalse();
        Proof.Holds(proof, Proof.Connecting("secret", one with { ConnectingHello = [3] })).ShouldBeFalse();
        Proof.Holds(proof, Proof.Connecting("secret", one with { ListeningHello = [3] })).ShouldBeFalse();
        Proof.Holds(proof, Proof.Connecting("secret", one with { Channel = new byte[31] })).ShouldBeFalse();
        Proof.Holds(proof.AsSpan(0, 31), Proof.Connecting("secret", one)).ShouldBeFalse();
        Proof.Holds([], Proof.Connecting("secret", one)).ShouldBeFalse();
    }
}
