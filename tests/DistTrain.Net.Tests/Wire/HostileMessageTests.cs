using DistTrain.Net.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Proto = DistTrain.Net.Wire.Proto;

namespace DistTrain.Net.Tests.Wire;

public sealed class HostileMessageTests
{
    public static TheoryData<string, string> Invalid => new()
    {
        { "no message at all", "{}" },
        { "a negative sequence", """{"heartbeat":{"sequence":"-1"}}""" },
        { "a run without a name", """{"runPrepared":{}}""" },
        { "a job that climbs out of its folder", Run("..", 1) },
        { "a job with a slash", Run("a/b", 1) },
        { "a job with a backslash", Run("a\\\\b", 1) },
        { "a job with a line break", Run("a\\nb", 1) },
        { "a job with a long name", Run(new string('j', 256), 1) },
        { "attempt nought", Run("a", 0) },
        { "a range that runs backwards", Inner("""{"computeGradients":{"start":2,"end":1}}""") },
        { "a range below nought", Inner("""{"computeGradients":{"start":-1,"end":1}}""") },
        { "a step below nought", Inner("""{"computeGradients":{"step":"-1"}}""") },
        { "a loss factor of nought", Inner("""{"computeGradients":{"lossFactor":0}}""") },
        { "a loss factor that rounds", Inner("""{"computeGradients":{"lossFactor":3}}""") },
        { "a loss factor that is no number", Inner("""{"computeGradients":{"lossFactor":"NaN"}}""") },
        { "an unknown split", Inner("""{"evaluateChunks":{"split":9,"end":1}}""") },
        { "no split", Inner("""{"evaluateChunks":{"end":1}}""") },
        { "no status", Inner("""{"trainingEnded":{}}""") },
        { "a run message of no kind", Inner("{}") },
        { "fewer results than shards", Inner("""{"subtreeReady":{"worker":"w","end":1,"shards":{}}}""") },
        { "no results", Inner("""{"subtreeReady":{"worker":"w"}}""") },
        {
            "more hits than samples",
            Inner("""
            {"subtreeReady":{"worker":"w","end":1,"shards":{"lossSum":[1],"correct":[2],"count":[1]}}}
            """)
        },
        {
            "fewer squares than shards",
            Inner("""
            {"subtreeReady":{"worker":"w","end":2,"shards":{"lossSum":[1,1],"correct":[1,1],"count":[1,1],
            "gradientSquares":[1]}}}
            """)
        },
        {
            "more squares than shards",
            Inner("""
            {"subtreeReady":{"worker":"w","end":1,"shards":{"lossSum":[1],"correct":[1],"count":[1],
            "gradientSquares":[1,1]}}}
            """)
        },
        {
            "a start without a duration",
            Inner("""
            {"subtreeReady":{"worker":"w","end":1,"shards":{"lossSum":[1],"correct":[1],"count":[1],
            "startTicks":["1"]}}}
            """)
        },
        {
            "a shard that took less than no time",
            Inner("""
            {"subtreeReady":{"worker":"w","end":1,"shards":{"lossSum":[1],"correct":[1],"count":[1],
            "startTicks":["1"],"durationTicks":["-1"]}}}
            """)
        },
        {
            "a sum that took longer than a day",
            Inner("""
            {"subtreeReady":{"worker":"w","end":1,"summingTicks":"864000000001",
            "shards":{"lossSum":[1],"correct":[1],"count":[1]}}}
            """)
        },
        {
            "a negative buffer",
            Inner("""{"subtreeReady":{"worker":"w","buffer":-1,"shards":{}}}""")
        },
        { "a hash in capitals", $$$"""{"filePiece":{"sha256":"{{{new string('A', 64)}}}"}}""" },
        { "a hash too short", """{"filePiece":{"sha256":"aa"}}""" },
        { "a piece of no bytes", $$$"""{"filePieceRequest":{"sha256":"{{{Samples.Hash}}}"}}""" },
        { "a piece too large",
            $$$"""{"filePieceRequest":{"sha256":"{{{Samples.Hash}}}","bytes":67108865}}""" },
        { "a node without cores", """{"registerNode":{"node":"n","speed":1}}""" },
        { "a node without speed", """{"registerNode":{"node":"n","cores":1}}""" },
        { "a node of infinite speed", """{"registerNode":{"node":"n","cores":1,"speed":"Infinity"}}""" },
        { "a heartbeat every nought",
            """{"nodeAccepted":{"cluster":"c","suspectAfter":1,"removeAfter":1}}""" },
        { "a text too long", $$$"""{"nodeNotice":{"text":"{{{new string('x', (16 << 10) + 1)}}}"}}""" },
        {
            "an input file that climbs out of its folder",
            $$$"""
            {"prepareRun":{"run":{"job":"a","attempt":1},"jobJson":"{}","datasetHash":"{{{Samples.Hash}}}",
            "datasetFiles":[{"name":"../etc","sha256":"{{{Samples.Hash}}}"}]}}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_no_machine_may_see_is_a_fault_of_the_protocol(string what, string json)
    {
        byte[] bytes = Proto.Envelope.Parser.ParseJson(json).ToByteArray();
        Should.Throw<ProtocolFaultException>(() => WireCodec.Decode(bytes), what);
    }

    [Fact]
    public void Bytes_at_random_are_a_message_or_a_fault_of_the_protocol_and_nothing_else()
        => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), DecodesOrFaults).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_message_with_a_byte_changed_or_cut_short_is_a_message_or_a_fault()
    {
        foreach (byte[] bytes in Samples.All.Select(message => WireCodec.ToWire(message).ToByteArray()))
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                DecodesOrFaults(bytes[..i]);
                for (int bit = 0; bit < 8; bit++)
                {
                    byte[] changed = [.. bytes];
                    changed[i] ^= (byte)(1 << bit);
                    DecodesOrFaults(changed);
                }
            }
        }
    }

    private static void DecodesOrFaults(byte[] bytes)
    {
        try
        {
            WireCodec.Decode(bytes);
        }
        catch (ProtocolFaultException)
        {
            // The one fault a link knows what to do with.
        }
    }

    private static string Run(string job, int attempt)
        => $$"""{"runPrepared":{"run":{"job":"{{job}}","attempt":"{{attempt}}" } } }""";

    private static string Inner(string message)
        => """{"runMessage":{"run":{"job":"a","attempt":"1"}"""
            + (message == "{}" ? "" : $",{message[1..^1]}") + "}}";
}
