using System.Text.Json;
using System.Text.Json.Serialization;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Core.Sharding;
using DistTrain.Net.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using IMessage = DistTrain.Core.Hosting.IMessage;

namespace DistTrain.Net.Tests.Wire;

public sealed class WireCodecTests
{
    private static readonly JsonSerializerOptions _plain = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, Samples.All.Length)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_message_comes_back_as_it_was_sent(int kind)
        => ShouldRoundTrip(Samples.All[kind]);

    [Fact]
    public void Every_message_of_the_nodes_has_a_sample()
    {
        var announced = typeof(Heartbeat).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Heartbeat).Namespace
                && typeof(IMessage).IsAssignableFrom(type))
            .Where(type => Travels(type)).ToHashSet();
        announced.ShouldBeSubsetOf(Samples.All.Select(message => message.GetType()));
    }

    [Fact]
    public void Results_of_shards_come_back_to_the_bit()
        => Prop.ForAll(
            ArbMap.Default
                .ArbFor<(long Bits, long Squares, NonNegativeInt Correct, NonNegativeInt Wrong)[]>(),
            results =>
            {
                var shards = results.Select(r => new ShardResult(
                    BitConverter.Int64BitsToDouble(r.Bits), r.Correct.Get,
                    r.Correct.Get + r.Wrong.Get)
                {
                    GradientSquares = BitConverter.Int64BitsToDouble(r.Squares),
                }).ToArray();
                var back = (SubtreeReady)((RunMessage)RoundTrip(new RunMessage(
                    Samples.Run,
                    new SubtreeReady(new ActorId("w"), 3, new(5, 5 + shards.Length), 0, shards)))).Message;
                back.Shards.Select(Bits).ShouldBe(shards.Select(Bits));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Times_come_back_and_odd_ones_are_cut_to_what_may_travel()
    {
        TimeSpan day = TimeSpan.FromDays(1), second = TimeSpan.FromSeconds(1);
        ShardTiming[] timings = [new(-second, second), new(second, 2 * day), new(default, default)];
        var sent = new SubtreeReady(
            new ActorId("w"), 3, new(0, 3), 0,
            [.. timings.Select(timing => new ShardResult(1, 1, 1) { Timing = timing })])
        {
            Summing = -second,
        };
        var back = (SubtreeReady)((RunMessage)RoundTrip(new RunMessage(Samples.Run, sent))).Message;
        back.Shards.Select(shard => shard.Timing)
            .ShouldBe([new(default, second), new(second, day), new(default, default)]);
        back.Summing.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Numbers_and_names_come_back_whatever_they_are()
        => Prop.ForAll(
            ArbMap.Default.ArbFor<(NonNegativeInt A, PositiveInt B, long Incarnation, string? Text,
                double Speed)>(),
            given =>
            {
                var (a, b, incarnation, text, speed) = given;
                string line = new((text ?? "").Where(c => !char.IsControl(c)
                    && !char.IsSurrogate(c)).ToArray());
                var run = new RunId(new JobId($"job-{a.Get}"), b.Get);
                ShouldRoundTrip(new RunMessage(run, new ComputeGradients(a.Get, new(a.Get, a.Get + 1))));
                ShouldRoundTrip(new RunMessage(run, new ComputeGradients(a.Get, new(a.Get, a.Get + 1))
                {
                    LossFactor = Math.ScaleB(1, b.Get % 200 - 100),
                }));
                ShouldRoundTrip(new RunRefused(run, line));
                ShouldRoundTrip(Samples.Weights(a.Get));
                ShouldRoundTrip(new FilePieceRequest(Samples.Hash, a.Get, b.Get));
                ShouldRoundTrip(new RegisterNode(
                    new NodeId($"n{b.Get}"), incarnation,
                    new NodeDescription(
                        line, b.Get, a.Get, double.IsFinite(speed) ? Math.Abs(speed) : 1, line, line)));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_sign_of_a_zero_speed_is_kept()
    {
        var sent = new RegisterNode(new NodeId("n"), 1, new NodeDescription("cpu", 1, 0, -0.0, "", ""));
        double.IsNegative(((RegisterNode)RoundTrip(sent)).Description.Speed).ShouldBeTrue();
    }

    [Fact]
    public void A_text_for_people_is_cut_by_whoever_sends_it()
    {
        var back = (NodeNotice)RoundTrip(new NodeNotice(new string('x', 100_000)));
        back.Text.Length.ShouldBe(WireLimits.TextLength);
    }

    [Fact]
    public void A_message_that_does_not_travel_is_a_mistake_of_ours()
    {
        Should.Throw<ArgumentException>(() => WireCodec.ToWire(new RunTick()));
        Should.Throw<ArgumentException>(() => WireCodec.ToWire(new RunMessage(Samples.Run, new RunTick())));
    }

    internal static IMessage RoundTrip(IMessage message)
        => WireCodec.Decode(WireCodec.ToWire(message).ToByteArray());

    private static void ShouldRoundTrip(IMessage message)
        => Shown(RoundTrip(message)).ShouldBe(Shown(message));

    /// <summary>All of a message, lists included, whatever types of list they are.</summary>
    private static string Shown(IMessage message)
        => message.GetType().Name + JsonSerializer.Serialize(message, message.GetType(), _plain)
            + (message is RunMessage run ? Shown(run.Message) : "");

    private static (long, int, int, long) Bits(ShardResult result)
        => (BitConverter.DoubleToInt64Bits(result.LossSum), result.Correct, result.Count,
            BitConverter.DoubleToInt64Bits(result.GradientSquares));

    private static bool Travels(Type type)
    {
        var blank = (IMessage)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
        try
        {
            WireCodec.ToWire(blank);
            return true;
        }
        catch (ArgumentException fault) when (fault.Message.Contains("does not travel"))
        {
            return false;
        }
        catch (Exception fault) when (fault is NullReferenceException or ArgumentNullException)
        {
            return true;
        }
    }
}
