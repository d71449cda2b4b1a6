using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

/// <summary>What every kind of link must do as long as it is open.</summary>
public abstract class LinkDeliveryContract
{
    protected const long Large = 64L << 20;

    internal abstract Task<LinkPair> PairAsync(
        LinkOptions left, RecordingHandler atLeft, LinkOptions right, RecordingHandler atRight);

    [Fact]
    public async Task Messages_arrive_in_the_order_they_were_sent()
    {
        await using var pair = await PairAsync();
        for (int i = 0; i < 2000; i++)
        {
            pair.Left.TrySend(new Heartbeat(i)).ShouldBeTrue();
        }
        for (int i = 0; i < 2000; i++)
        {
            pair.AtRight.Next<Heartbeat>().Sequence.ShouldBe(i);
        }
    }

    [Fact]
    public async Task Both_directions_carry_messages_at_once()
    {
        await using var pair = await PairAsync();
        pair.Left.TrySend(new Heartbeat(1)).ShouldBeTrue();
        pair.Right.TrySend(new Heartbeat(2)).ShouldBeTrue();
        pair.AtRight.Next<Heartbeat>().Sequence.ShouldBe(1);
        pair.AtLeft.Next<Heartbeat>().Sequence.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_longer_than_every_buffer_arrives()
    {
        await using var pair = await PairAsync();
        string text = new('x', 16 << 10);
        var prepare = Samples.Prepare with { JobJson = new string('j', 3 << 20) };
        pair.Left.TrySend(prepare).ShouldBeTrue();
        pair.Left.TrySend(new NodeNotice(text)).ShouldBeTrue();
        pair.AtRight.Next<PrepareRun>().JobJson.ShouldBe(prepare.JobJson);
        pair.AtRight.Next<NodeNotice>().Text.ShouldBe(text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 << 10)]
    [InlineData((4 << 20) - 1)]
    [InlineData(4 << 20)]
    [InlineData((4 << 20) + 1)]
    [InlineData(9_000_001)]
    public async Task A_payload_arrives_byte_for_byte(int bytes)
    {
        await using var pair = await PairAsync();
        using var source = Bytes.Pattern(bytes);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(7), Payload.Of(source), released.Call).ShouldBeTrue();
        pair.AtRight.Next<Begun>().ShouldBe(new Begun(Samples.Weights(7), bytes));
        pair.AtRight.Next<Received>().Announcement.ShouldBe(Samples.Weights(7));
        pair.AtRight.Buffer.Span.SequenceEqual(source.Span).ShouldBeTrue();
        (await released.Result).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_ahead_of_a_payload_arrives_before_it(bool lendsThread)
    {
        await using var pair = await PairAsync();
        using var source = Bytes.Pattern(9_000_001);
        for (int i = 0; i < 5; i++)
        {
            var released = new Release();
            pair.Left.TrySend(
                Samples.Weights(i), Payload.Of(source), released.Call, new Heartbeat(i), lendsThread)
                .ShouldBeTrue();
            (await released.Result).ShouldBeTrue();
            pair.AtRight.Next<Heartbeat>().Sequence.ShouldBe(i);
            pair.AtRight.Next<Begun>().Announcement.ShouldBe(Samples.Weights(i));
            pair.AtRight.Next<Received>();
            pair.AtRight.Buffer.Span.SequenceEqual(source.Span).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Threads_that_lend_themselves_and_others_send_side_by_side()
    {
        await using var pair = await PairAsync(LinkPair.Options("left") with { PayloadQueue = 40 });
        using var source = Bytes.Pattern(300_000);
        var releases = Enumerable.Range(0, 40).Select(_ => new Release()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(() =>
        {
            for (int i = sender; i < releases.Length; i += 4)
            {
                pair.Left.TrySend(new Heartbeat(i)).ShouldBeTrue();
                pair.Left.TrySend(
                    Samples.Weights(i), Payload.Of(source), releases[i].Call, lendsThread: sender % 2 == 0)
                    .ShouldBeTrue();
            }
        })));
        var received = new List<IMessage>();
        var heartbeats = new List<long>();
        while (received.Count < releases.Length || heartbeats.Count < releases.Length)
        {
            switch (pair.AtRight.Next())
            {
                case Received whole:
                    received.Add(whole.Announcement);
                    break;
                case Heartbeat heartbeat:
                    heartbeats.Add(heartbeat.Sequence);
                    break;
                default:
                    break;
            }
        }
        received.ToHashSet().SetEquals(releases.Select((_, i) => Samples.Weights(i))).ShouldBeTrue();
        pair.AtRight.Buffers.Count(buffer => buffer.Span.SequenceEqual(source.Span))
            .ShouldBe(releases.Length);
        heartbeats.Order().ShouldBe(Enumerable.Range(0, releases.Length).Select(i => (long)i));
        await pair.DisposeAsync();
        releases.ShouldAllBe(release => release.Calls == 1);
    }

    [Fact]
    public async Task Payloads_arrive_one_after_another_and_each_is_released_once()
    {
        await using var pair = await PairAsync();
        using var source = Bytes.Pattern(700_000);
        var releases = Enumerable.Range(0, 20).Select(_ => new Release()).ToArray();
        for (int i = 0; i < releases.Length; i++)
        {
            var part = Payload.Of(source, i * 1000L, 500_000 + i);
            pair.Left.TrySend(Samples.Weights(i), part, releases[i].Call).ShouldBeTrue();
        }
        for (int i = 0; i < releases.Length; i++)
        {
            pair.AtRight.Next<Begun>().Bytes.ShouldBe(500_000 + i);
            pair.AtRight.Next<Received>().Announcement.ShouldBe(Samples.Weights(i));
            (await releases[i].Result).ShouldBeTrue();
        }
        await pair.DisposeAsync();
        releases.ShouldAllBe(release => release.Calls == 1);
    }

    [Fact]
    public async Task A_payload_nobody_wants_is_read_past()
    {
        await using var pair = await PairAsync(atRight: new RecordingHandler { Wants = false });
        using var source = Bytes.Pattern(3_000_000);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), released.Call).ShouldBeTrue();
        (await released.Result).ShouldBeTrue();
        pair.Left.TrySend(new Heartbeat(9)).ShouldBeTrue();
        pair.AtRight.Next<Begun>();
        pair.AtRight.Next<Heartbeat>().Sequence.ShouldBe(9);
        pair.AtRight.Buffers.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_control_message_overtakes_a_payload_under_way()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await PairAsync(
            atRight: new RecordingHandler { BeforePayload = go.Task.WaitAsync });
        using var source = new NativeBuffer<byte>(Large);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), released.Call).ShouldBeTrue();
        pair.AtRight.Next<Begun>();
        pair.Left.TrySend(new Heartbeat(5)).ShouldBeTrue();
        go.SetResult();
        pair.AtRight.Next<Heartbeat>().Sequence.ShouldBe(5);
        pair.AtRight.Next<Received>();
        (await released.Result).ShouldBeTrue();
    }

    [Fact]
    public async Task Both_ends_know_each_other_and_what_has_passed()
    {
        await using var pair = await PairAsync();
        pair.Left.Peer.Name.ShouldBe("right");
        pair.Right.Peer.Name.ShouldBe("left");
        pair.Left.Peer.Version.ShouldBe("1.2.3");
        pair.Left.Peer.Address.ShouldNotBeEmpty();
        using var source = Bytes.Pattern(1000);
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), _ => { });
        pair.AtRight.Next<Begun>();
        pair.AtRight.Next<Received>();
        pair.Right.Traffic.BytesReceived.ShouldBeInRange(1001, 1100);
    }

    private protected Task<LinkPair> PairAsync(LinkOptions? left = null, RecordingHandler? atRight = null)
        => PairAsync(
            left ?? LinkPair.Options("left"), new RecordingHandler(), LinkPair.Options("right"),
            atRight ?? new RecordingHandler());
}
