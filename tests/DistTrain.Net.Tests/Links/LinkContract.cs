using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

/// <summary>
/// What every kind of link must do, to its end. One subclass for each kind says how a pair is made.
/// </summary>
public abstract class LinkContract : LinkDeliveryContract
{
    [Fact]
    public async Task While_the_other_end_does_not_read_few_bytes_leave()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await PairAsync(
            atRight: new RecordingHandler { BeforePayload = go.Task.WaitAsync });
        using var source = new NativeBuffer<byte>(4 * Large);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), released.Call).ShouldBeTrue();
        pair.AtRight.Next<Begun>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        pair.AtRight.HeardNothing.ShouldBeTrue();
        pair.Right.Traffic.BytesReceived.ShouldBeLessThan(1 << 20);
        released.Calls.ShouldBe(0);
        pair.Left.Traffic.BytesSent.ShouldBeLessThan(Large);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(8 << 20);
        go.SetResult();
        pair.AtRight.Next<Received>();
        (await released.Result).ShouldBeTrue();
    }

    [Fact]
    public async Task Closing_frees_a_thread_that_was_lent_to_an_end_that_does_not_read()
    {
        var right = new RecordingHandler { BeforePayload = cancel => Task.Delay(Timeout.Infinite, cancel) };
        await using var pair = await PairAsync(atRight: right);
        using var source = new NativeBuffer<byte>(4 * Large);
        var released = new Release();
        Task sending = Task.Run(() => pair.Left.TrySend(
            Samples.Weights(1), Payload.Of(source), released.Call, lendsThread: true).ShouldBeTrue());
        pair.AtRight.Next<Begun>();
        pair.Left.Close("enough");
        await sending.WaitAsync(Patience.Limit);
        (await released.Result).ShouldBeFalse();
        (await pair.AtLeft.Closed).ShouldBe("enough");
    }

    [Fact]
    public async Task Messages_that_nobody_reads_close_the_link_at_the_queue_s_bound()
    {
        using var go = new ManualResetEventSlim();
        var right = new RecordingHandler { Hearing = _ => go.Wait(Patience.Limit) };
        await using var pair = await PairAsync(
            LinkPair.Options("left") with { ControlQueue = 50 }, right);
        var notice = new NodeNotice(new string('x', 16 << 10));
        int sent = 0;
        while (pair.Left.TrySend(notice))
        {
            sent++.ShouldBeLessThan(100_000);
        }
        (await pair.AtLeft.Closed).ShouldContain("reads too slowly");
        go.Set();
        await pair.AtRight.Closed;
    }

    [Fact]
    public async Task The_queue_is_bounded_in_bytes_too()
    {
        using var go = new ManualResetEventSlim();
        var right = new RecordingHandler { Hearing = _ => go.Wait(Patience.Limit) };
        await using var pair = await PairAsync(
            LinkPair.Options("left") with { ControlQueue = int.MaxValue, ControlQueueBytes = 1 << 20 },
            right);
        var notice = new NodeNotice(new string('x', 16 << 10));
        int sent = 0;
        while (pair.Left.TrySend(notice))
        {
            sent++.ShouldBeLessThan(100_000);
        }
        (await pair.AtLeft.Closed).ShouldContain("reads too slowly");
        go.Set();
        await pair.AtRight.Closed;
    }

    [Fact]
    public async Task Payloads_beyond_the_queue_s_bound_close_the_link_and_all_are_released()
    {
        var right = new RecordingHandler { BeforePayload = cancel => Task.Delay(Timeout.Infinite, cancel) };
        await using var pair = await PairAsync(LinkPair.Options("left") with { PayloadQueue = 3 }, right);
        using var source = new NativeBuffer<byte>(Large);
        var releases = new List<Release>();
        while (true)
        {
            var release = new Release();
            if (!pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), release.Call))
            {
                break;
            }
            releases.Add(release);
            releases.Count.ShouldBeLessThan(100);
        }
        (await pair.AtLeft.Closed).ShouldContain("payloads");
        foreach (var release in releases)
        {
            (await release.Result).ShouldBeFalse();
        }
        await pair.DisposeAsync();
        releases.ShouldAllBe(release => release.Calls == 1);
    }

    [Fact]
    public async Task Closing_tells_both_ends_why_once()
    {
        await using var pair = await PairAsync();
        pair.Left.Close("no longer wanted");
        pair.Left.Close("a second reason");
        (await pair.AtLeft.Closed).ShouldBe("no longer wanted");
        (await pair.AtRight.Closed).ShouldContain("no longer wanted");
        await pair.DisposeAsync();
        pair.AtLeft.Closings.ShouldBe(1);
        pair.AtRight.Closings.ShouldBe(1);
    }

    [Fact]
    public async Task The_last_message_before_closing_still_arrives()
    {
        await using var pair = await PairAsync();
        pair.Right.TrySend(new NodeRefused("the name is taken", false)).ShouldBeTrue();
        pair.Right.Close("refused");
        pair.AtLeft.Next<NodeRefused>().Reason.ShouldBe("the name is taken");
        (await pair.AtLeft.Closed).ShouldContain("refused");
    }

    [Fact]
    public async Task The_last_message_arrives_even_while_the_other_end_sends_much()
    {
        await using var pair = await PairAsync();
        using var source = new NativeBuffer<byte>(Large);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), released.Call);
        pair.AtRight.Next<Begun>();
        pair.Right.TrySend(new NodeRefused("enough", false));
        pair.Right.Close("refused");
        pair.AtLeft.Next<NodeRefused>().Reason.ShouldBe("enough");
        (await pair.AtLeft.Closed).ShouldContain("refused");
        await released.Result;
    }

    [Fact]
    public async Task A_closed_link_takes_nothing_and_calls_nothing_back()
    {
        await using var pair = await PairAsync();
        using var source = Bytes.Pattern(100);
        pair.Left.Close("over");
        await pair.AtLeft.Closed;
        await pair.AtRight.Closed;
        foreach (var link in new[] { pair.Left, pair.Right })
        {
            var released = new Release();
            link.TrySend(new Heartbeat(1)).ShouldBeFalse();
            link.TrySend(Samples.Weights(1), Payload.Of(source), released.Call).ShouldBeFalse();
            await link.DisposeAsync();
            released.Calls.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Closing_in_the_middle_of_a_payload_gives_its_memory_back_on_both_ends()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await PairAsync(
            atRight: new RecordingHandler { BeforePayload = go.Task.WaitAsync });
        using var source = Bytes.Pattern(Large);
        var released = new Release();
        pair.Left.TrySend(Samples.Weights(1), Payload.Of(source), released.Call).ShouldBeTrue();
        pair.AtRight.Next<Begun>();
        go.SetResult();
        pair.Right.Close("cut");
        (await pair.AtRight.Closed).ShouldBe("cut");
        // From here on the memory is the handler's again: whatever it writes there stays.
        byte[]? then = pair.AtRight.Buffers.Count == 0 ? null : Overwrite(pair.AtRight.Buffer);
        (await released.Result).ShouldBeFalse();
        await pair.AtLeft.Closed;
        await pair.Left.DisposeAsync();
        await pair.Right.DisposeAsync();
        if (then is not null)
        {
            pair.AtRight.Buffer.Span.SequenceEqual(then).ShouldBeTrue();
        }
        released.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_link_and_the_fault_comes_out()
    {
        var right = new RecordingHandler { Hearing = _ => throw new InvalidOperationException("broken") };
        var pair = await PairAsync(atRight: right);
        pair.Left.TrySend(new Heartbeat(1));
        (await pair.AtRight.Closed).ShouldContain("broken");
        await pair.AtLeft.Closed;
        await Should.ThrowAsync<InvalidOperationException>(pair.Right.DisposeAsync().AsTask());
        await pair.Left.DisposeAsync();
    }

    private static byte[] Overwrite(NativeBuffer<byte> buffer)
    {
        buffer.Span.Fill(0xEE);
        return buffer.Span.ToArray();
    }
}
