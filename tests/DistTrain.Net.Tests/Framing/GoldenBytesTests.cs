using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Core.Sharding;
using DistTrain.Net.Framing;
using DistTrain.Net.Handshakes;
using DistTrain.Net.Links;
using DistTrain.Net.Tests.Links;

namespace DistTrain.Net.Tests.Framing;

/// <summary>
/// The bytes as docs/PROTOCOL.md shows them. A change here is a change of the protocol: see its versioning
/// rule.
/// </summary>
public sealed class GoldenBytesTests
{
    [Fact]
    public async Task Control_messages_a_payload_and_the_closing_look_like_this()
    {
        using var payload = new NativeBuffer<byte>(6);
        new byte[] { 1, 2, 3, 4, 5, 6 }.CopyTo(payload.Span);
        var options = LinkPair.Options("a") with { ChunkBytes = 4 };
        var queue = new SendQueue(options);
        queue.Add(OutgoingMessage.From(new Heartbeat(300), options));
        queue.Add(new OutgoingPayload(
            OutgoingMessage.From(Samples.Weights(7), options), Payload.Of(payload), _ => queue.Close(),
            lendsThread: false));
        var thread = new LoopThread("writer");
        var written = new MemoryStream();
        var loop = new WriteLoop(written, options, queue, thread, () => true);
        await loop.RunAsync(CancellationToken.None);
        await loop.FarewellAsync("bye", CancellationToken.None);
        thread.Stop();

        Hex(written.ToArray()).ShouldBe(string.Concat(
            "01000000" + "05000000" + "0000000000000000" + "0A0308AC02",
            "02000000" + "1E000000" + "0100000000000000" + "0600000000000000"
            + "F20113" + "0807" + "120F" + "0A0B6D6E6973742D6D6C702D33" + "1002",
            "03000000" + "04000000" + "0100000000000000" + "01020304",
            "03000000" + "02000000" + "0100000000000000" + "0506",
            "04000000" + "03000000" + "0000000000000000" + "627965"));
    }

    [Fact]
    public void A_message_within_a_run_looks_like_this()
    {
        var ready = new RunMessage(
            new RunId(new JobId("j"), 2),
            new SubtreeReady(new ActorId("w"), 3, new ShardRange(0, 1), 1, [new ShardResult(1.5, 3, 8)]));
        Hex(FrameReading.Encoded(ready)).ShouldBe(
            "1224" + "0A050A016A1002" + "2A1B" + "0A01771003" + "2001" + "2801"
            + "3210" + "0A08000000000000F83F" + "120103" + "1A0108");
    }

    [Fact]
    public void Squares_of_a_gradient_come_after_its_counts()
    {
        ShardResult[] shards = [new ShardResult(1.5, 3, 8) { GradientSquares = 2.5 }];
        var ready = new RunMessage(
            new RunId(new JobId("j"), 2),
            new SubtreeReady(new ActorId("w"), 3, new ShardRange(0, 1), 1, shards));
        Hex(FrameReading.Encoded(ready)).ShouldBe(
            "122E" + "0A050A016A1002" + "2A25" + "0A01771003" + "2001" + "2801"
            + "321A" + "0A08000000000000F83F" + "120103" + "1A0108" + "22080000000000000440");
    }

    [Fact]
    public void Times_of_shards_come_after_their_squares_and_that_of_their_sum_at_the_end()
    {
        ShardResult[] shards =
        [
            new ShardResult(1.5, 3, 8) { Timing = new ShardTiming(new TimeSpan(1), new TimeSpan(300)) },
        ];
        var ready = new RunMessage(
            new RunId(new JobId("j"), 2),
            new SubtreeReady(new ActorId("w"), 3, new ShardRange(0, 1), 1, shards)
            {
                Summing = new TimeSpan(5),
            });
        Hex(FrameReading.Encoded(ready)).ShouldBe(
            "122D" + "0A050A016A1002" + "2A24" + "0A01771003" + "2001" + "2801"
            + "3217" + "0A08000000000000F83F" + "120103" + "1A0108" + "2A0101" + "3202AC02" + "3805");
    }

    [Fact]
    public void A_hello_and_its_proofs_look_like_this()
    {
        byte[] nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] hello = new Hello(new ProtocolVersions(1, 2), true, nonce, "gpu-3", "0.1").Encode();
        Hex(hello).ShouldBe(
            "4454524E" + "01" + "00" + "3000" + "0100" + "0200" + "01" + "00" + Hex(nonce)
            + "05" + "6770752D33" + "03" + "302E31");
        var transcript = new HandshakeTranscript(hello, hello, Proof.NoChannel);
        Hex(Proof.Connecting("secret", transcript)).ShouldBe(
            "9A28EB9026D2836ECD386787959D2C1BDD70FBD1EAE4142EF43C47F4D73C9B0E");
        Hex(Proof.Listening("secret", transcript)).ShouldBe(
            "35EB9715FDC444277D75D68852A6A9DB4E4BDA3519BC3EC79C2310521EE2FE12");
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);
}
