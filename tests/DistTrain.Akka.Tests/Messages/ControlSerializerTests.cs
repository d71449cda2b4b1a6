using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using DistTrain.Akka.Membership;
using DistTrain.Akka.Messages;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Net.Tests;
using DistTrain.Net.Wire;
using IMessage = DistTrain.Core.Hosting.IMessage;

namespace DistTrain.Akka.Tests.Messages;

public sealed class ControlSerializerTests : TestKit
{
    private static readonly IClusterMessage[] Messages =
    [
        new LinkWanted("gpu-3"), new OpenControl(ulong.MaxValue), new LinkOffered("coordinator-0.svc", 7700),
        new ControlOpened(7), new ControlAck(7, long.MaxValue), new ControlClosed(7, "no längər wanted"),
        new WeightsAnnounced("mnist-3", 1L << 40), new StoppingDecided("mnist-3", "patience"),
    ];

    private readonly ExtendedActorSystem _system;

    public ControlSerializerTests()
        : base(ClusterSystem.ConfigurationOf(
            new AkkaOptions { Host = "127.0.0.1", Port = 0, Seeds = [] }, ClusterSystem.WorkerRole))
        => _system = (ExtendedActorSystem)Sys;

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Messages.Length)];

    public static TheoryData<int> ControlKinds => [.. Enumerable.Range(0, Samples.All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_message_comes_back_as_it_was_sent(int kind)
        => RoundTrip(Messages[kind]).ShouldBe(Messages[kind]);

    [Theory]
    [MemberData(nameof(ControlKinds))]
    public void Each_control_message_travels_in_a_frame_to_the_bit(int kind)
    {
        byte[] body = ControlEncoding.Encode(Samples.All[kind], ControlSerializer.MostBodyBytes);
        var back = (ControlFrame)RoundTrip(new ControlFrame(0xFEED, 41, body));
        (back.Channel, back.Sequence).ShouldBe((0xFEEDul, 41L));
        back.Body.ShouldBe(body);
        IMessage decoded = ControlEncoding.Decode(back.Body);
        decoded.ShouldBeOfType(Samples.All[kind].GetType());
        ControlEncoding.Encode(decoded, ControlSerializer.MostBodyBytes).ShouldBe(body);
    }

    [Fact]
    public void A_job_s_event_travels_as_the_API_writes_it()
    {
        var told = new JobEventTold("mnist-3", new JobEvent(7, DateTimeOffset.UnixEpoch)
        {
            State = new JobStateChange(JobState.StoppedEarly, "patience"),
        });
        RoundTrip(told).ShouldBe(told);
    }

    [Fact]
    public void A_frame_costs_sixteen_bytes_beside_its_message()
    {
        byte[] body = ControlEncoding.Encode(new Heartbeat(3), 100);
        ControlSerializer serializer = new(_system);
        serializer.ToBinary(new ControlFrame(1, 2, body)).Length.ShouldBe(body.Length + 16);
    }

    [Fact]
    public void A_control_message_above_the_limit_is_refused_by_whoever_sends_it()
    {
        var most = new byte[ControlSerializer.MostBodyBytes];
        RoundTrip(new ControlFrame(1, 2, most)).ShouldBeOfType<ControlFrame>();
        var more = new byte[most.Length + 1];
        Should.Throw<SerializationException>(() => RoundTrip(new ControlFrame(1, 2, more)))
            .Message.ShouldContain("4194304 are allowed");
        Should.Throw<SerializationException>(
            () => new ControlSerializer(_system).FromBinary(new byte[most.Length + 17], "F"));
    }

    [Fact]
    public void Akka_takes_a_frame_as_large_as_the_largest_message()
    {
        long? frame = Sys.Settings.Config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size");
        frame!.Value.ShouldBeGreaterThan(ControlSerializer.MostBodyBytes + 16 + 4096);
    }

    [Theory]
    [InlineData("F", "0102")]
    [InlineData("C", "0100000000000000FFFFFFFF0F")]
    [InlineData("C", "01000000000000000561")]
    [InlineData("L", "0000000001614242")]
    [InlineData("V", "FFFFFFFFFFFFFFFF0161")]
    [InlineData("E", "01617B")]
    [InlineData("?", "00")]
    public void Bytes_that_are_no_message_are_refused(string manifest, string hex)
        => Should.Throw<SerializationException>(
            () => new ControlSerializer(_system).FromBinary(Convert.FromHexString(hex), manifest));

    [Fact]
    public void An_object_without_a_serializer_is_refused_instead_of_made_JSON()
    {
        var poco = new Poco([1, 2, 3]);
        global::Akka.Serialization.Serializer found = Sys.Serialization.FindSerializerFor(poco);
        found.ShouldBeOfType<RefusingSerializer>();
        Should.Throw<SerializationException>(() => found.ToBinary(poco)).Message.ShouldContain("Poco");
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(poco);
        Should.Throw<SerializationException>(
            () => Sys.Serialization.Deserialize(json, 1, typeof(Poco).AssemblyQualifiedName!));
    }

    private object RoundTrip(IClusterMessage message)
    {
        var serializer = (ControlSerializer)_system.Serialization.FindSerializerFor(message);
        return _system.Serialization.Deserialize(
            serializer.ToBinary(message), serializer.Identifier, serializer.Manifest(message));
    }

    private sealed record Poco(byte[] Bytes);
}
