using DistTrain.Core.Cluster;
using DistTrain.Net.Framing;
using DistTrain.Net.Tests.Links;
using static DistTrain.Net.Tests.Framing.FrameReading;

namespace DistTrain.Net.Tests.Framing;

public sealed class ReadLoopTests
{
    private static byte[] Conversation =>
    [
        .. Frame(FrameKind.Control, 0, Encoded(new Heartbeat(1))),
        .. Begin(1, 5),
        .. Frame(FrameKind.PayloadChunk, 1, 1, 2, 3),
        .. Frame(FrameKind.Control, 0, Encoded(new Heartbeat(2))),
        .. Frame(FrameKind.PayloadChunk, 1, 4, 5),
        .. Begin(2, 0),
        .. Frame(FrameKind.Close, 0, "bye"u8.ToArray()),
    ];

    [Fact]
    public async Task A_conversation_is_heard_the_same_wherever_the_network_cuts_it()
    {
        for (int cut = 0; cut <= Conversation.Length; cut++)
        {
            using var handler = new RecordingHandler();
            string end = await EndOfAsync(new CutStream(Conversation, cut), handler);
            end.ShouldBe("the other end closed the link: bye");
            handler.Next<Heartbeat>().Sequence.ShouldBe(1);
            handler.Next<Begun>().Bytes.ShouldBe(5);
            handler.Next<Heartbeat>().Sequence.ShouldBe(2);
            handler.Next<Received>();
            handler.Next<Begun>().Bytes.ShouldBe(0);
            handler.Next<Received>();
            handler.HeardNothing.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_conversation_that_breaks_off_ends_the_link_wherever_it_does()
    {
        byte[] whole = Conversation;
        for (int length = 0; length < whole.Length; length++)
        {
            using var handler = new RecordingHandler();
            string end = await EndOfAsync(whole[..length], handler);
            end.ShouldBeOneOf("the other end closed the connection",
                "the connection ended in the middle of a frame");
        }
    }

    public static TheoryData<string, byte[]> Hostile => new()
    {
        { "unknown kind", Frame((FrameKind)9, 0, 1) },
        { "unknown kind", Frame(default, 0, 1) },
        { "flags", [1, 1, .. new byte[14]] },
        { "Control frame of 0 bytes", Frame(FrameKind.Control, 0) },
        { "Control frame of 4194305 bytes", Header(FrameKind.Control, (4 << 20) + 1, 0) },
        { "Control frame of 4294967295 bytes", Header(FrameKind.Control, -1, 0) },
        { "Control frame has transfer number 1", Frame(FrameKind.Control, 1, 1) },
        { "not valid protobuf", Frame(FrameKind.Control, 0, 0xFF, 0xFF, 0xFF) },
        { "PayloadBegin frame of 8 bytes", Frame(FrameKind.PayloadBegin, 1, new byte[8]) },
        { "PayloadBegin frame has transfer number 0", Begin(0, 5) },
        { "PayloadBegin frame has transfer number -1", Begin(-1, 5) },
        { "out of turn", Begin(2, 5) },
        { "under way", [.. Begin(1, 5), .. Begin(2, 5)] },
        { "out of turn", [.. Begin(1, 0), .. Begin(1, 0)] },
        { "payload of -1 bytes", Begin(1, -1) },
        { "payload of 9223372036854775807 bytes", Begin(1, long.MaxValue) },
        { "PayloadChunk frame of 0 bytes", [.. Begin(1, 5), .. Frame(FrameKind.PayloadChunk, 1)] },
        { "not under way", Frame(FrameKind.PayloadChunk, 1, 1) },
        { "lacks 5", [.. Begin(1, 5), .. Frame(FrameKind.PayloadChunk, 1, new byte[6])] },
        { "lacks 5", [.. Begin(1, 5), .. Frame(FrameKind.PayloadChunk, 2, new byte[5])] },
        {
            "not under way",
            [.. Begin(1, 1), .. Frame(FrameKind.PayloadChunk, 1, 1), .. Frame(FrameKind.PayloadChunk, 1, 1)]
        },
        { "Close frame of 1025 bytes", Frame(FrameKind.Close, 0, new byte[1025]) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_the_protocol_does_not_allow_ends_the_link(string reason, byte[] bytes)
    {
        using var handler = new RecordingHandler();
        (await EndOfAsync(bytes, handler)).ShouldContain(reason);
    }

    [Fact]
    public async Task No_memory_is_asked_for_a_payload_that_is_too_large()
    {
        using var handler = new RecordingHandler();
        await EndOfAsync(Begin(1, 1L << 40), handler);
        handler.HeardNothing.ShouldBeTrue();
        handler.Buffers.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Words_of_the_other_end_are_fit_for_one_line()
    {
        using var handler = new RecordingHandler();
        byte[] frame = Frame(FrameKind.Close, 0, "a\n\u001b[31mb"u8.ToArray());
        (await EndOfAsync(frame, handler)).ShouldBe("the other end closed the link: a  [31mb");
    }

    [Fact]
    public async Task Bytes_at_random_end_the_link_in_one_of_the_known_ways()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            byte[] bytes = new byte[200];
            new Random(seed).NextBytes(bytes);
            bytes[0] = (byte)(seed % 6);
            bytes.AsSpan(1, 3).Clear();
            bytes.AsSpan(5, 3).Clear();
            using var handler = new RecordingHandler();
            (await EndOfAsync(bytes, handler)).ShouldNotBeEmpty();
        }
    }

    private static byte[] Header(FrameKind kind, int length, long transfer)
    {
        byte[] header = new byte[FrameHeader.Size];
        new FrameHeader(kind, length, transfer).Write(header);
        return header;
    }
}
