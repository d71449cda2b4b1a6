using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Akka.Links;
using DistTrain.Akka.Messages;
using DistTrain.Core.Cluster;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Akka.Tests.Links;

/// <summary>One end of a control channel; probes stand at the other end and for the singleton.</summary>
public sealed class ControlActorTests : TestKit
{
    private const ulong Channel = 0xC0FFEE;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly FakeLink _data = new("w1");
    private readonly Heard _heard = new();
    private readonly TestProbe _peer;
    private readonly DataHalf _half;
    private readonly TaskCompletionSource<ControlChannel> _paired = new();

    public ControlActorTests()
        : base("""
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.test.single-expect-default = 30s
            """)
    {
        _peer = CreateTestProbe();
        _half = new DataHalf(_ => { });
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void The_worker_s_end_asks_until_it_is_answered()
    {
        TestProbe singleton = CreateTestProbe();
        IActorRef end = Start(singleton);
        singleton.ExpectMsg<OpenControl>().ShouldBe(new OpenControl(Channel));
        singleton.Sender.ShouldBe(end);
        Clock.Advance(TimeSpan.FromMilliseconds(250));
        singleton.ExpectMsg<OpenControl>();
        end.Tell(new ControlOpened(Channel), _peer);
        AwaitCondition(() => _paired.Task.IsCompleted);
        Clock.Advance(TimeSpan.FromSeconds(20));
        singleton.ExpectNoMsg(TimeSpan.Zero);
        _data.Reasons.ShouldBeEmpty("it has its peer, and is patient from now on");
    }

    [Fact]
    public void An_end_without_a_peer_gives_its_data_link_up()
    {
        Start(null);
        Clock.Advance(Patience - TimeSpan.FromMilliseconds(1));
        _data.Reasons.ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromMilliseconds(2));
        AwaitAssert(() => _data.Reasons.ShouldBe(["no control channel was opened for the data link"]));
    }

    [Fact]
    public void The_coordinator_s_end_answers_as_often_as_it_is_asked()
    {
        IActorRef end = Start(null);
        for (int i = 0; i < 2; i++)
        {
            end.Tell(new OpenControl(Channel), _peer);
            _peer.ExpectMsg<ControlOpened>().Channel.ShouldBe(Channel);
        }
        TestProbe stranger = CreateTestProbe();
        end.Tell(new OpenControl(Channel), stranger);
        end.Tell(new OpenControl(Channel + 1), _peer);
        end.Tell(new OpenControl(Channel), _peer);
        _peer.ExpectMsg<ControlOpened>();
        stranger.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Frames_are_delivered_in_order_and_acknowledged_now_and_then()
    {
        IActorRef end = StartPaired();
        for (int i = 1; i <= 128; i++)
        {
            end.Tell(Frame(i), _peer);
        }
        _peer.ExpectMsg<ControlAck>().Sequence.ShouldBe(64);
        _peer.ExpectMsg<ControlAck>().Sequence.ShouldBe(128);
        _heard.Messages.ShouldBe(Enumerable.Range(1, 128).Select(i => new Heartbeat(i)));
    }

    [Fact]
    public void A_gap_closes_the_link_and_nothing_after_it_is_delivered()
    {
        IActorRef end = StartPaired();
        end.Tell(Frame(1), _peer);
        end.Tell(Frame(4), _peer);
        _peer.ExpectMsg<ControlClosed>().Reason.ShouldBe("control messages 2 to 3 were lost on the way");
        _data.Reasons.ShouldBe(["control messages 2 to 3 were lost on the way"]);
        _heard.Messages.ShouldBe([new Heartbeat(1)]);
    }

    [Fact]
    public void A_stranger_s_frame_and_one_of_another_channel_are_passed_over()
    {
        IActorRef end = StartPaired();
        end.Tell(Frame(1), CreateTestProbe());
        end.Tell(Frame(1) with { Channel = 1 }, _peer);
        end.Tell(Frame(1), _peer);
        AwaitAssert(() => _heard.Messages.ShouldBe([new Heartbeat(1)]));
        _data.Reasons.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_that_are_no_message_close_the_link()
    {
        IActorRef end = StartPaired();
        end.Tell(new ControlFrame(Channel, 1, [0x0A, 0xFF]), _peer);
        AwaitAssert(() => _data.Reasons.ShouldBe(["a control message is not valid protobuf"]));
    }

    [Fact]
    public void The_end_of_the_other_end_closes_the_link()
    {
        StartPaired();
        Sys.Stop(_peer);
        AwaitAssert(() => _data.Reasons.ShouldHaveSingleItem().ShouldContain("has left the cluster"));
    }

    [Fact]
    public void A_reason_of_the_other_end_is_passed_on()
    {
        IActorRef end = StartPaired();
        end.Tell(new ControlClosed(Channel, "no longer wanted"), _peer);
        AwaitAssert(() => _data.Reasons.ShouldBe(["the other end closed the link: no longer wanted"]));
    }

    [Fact]
    public async Task An_end_that_does_not_keep_up_is_noticed_at_the_bound_and_acknowledging_frees_it()
    {
        IActorRef end = StartPaired(Options with { ControlQueue = 3 });
        ControlChannel sending = await _paired.Task;
        for (int i = 1; i <= 3; i++)
        {
            sending.TrySend(new Heartbeat(i)).ShouldBe(true);
            _peer.ExpectMsg<ControlFrame>().Sequence.ShouldBe(i);
        }
        sending.TrySend(new Heartbeat(4)).ShouldBeNull();
        end.Tell(new ControlAck(Channel, 2), _peer);
        AwaitAssert(() => sending.TrySend(new Heartbeat(4)).ShouldBe(true));
        sending.Close("enough");
        sending.TrySend(new Heartbeat(5)).ShouldBe(false);
        Should.Throw<ArgumentException>(() => sending.TrySend(new Core.Cluster.Tick()));
    }

    private static LinkOptions Options { get; } = new() { Name = "coordinator", Version = "0.1" };

    private static ControlFrame Frame(long sequence)
        => new(Channel, sequence, ControlEncoding.Encode(new Heartbeat(sequence), 1000));

    private IActorRef StartPaired(LinkOptions? options = null)
    {
        IActorRef end = Start(null, options);
        end.Tell(new OpenControl(Channel), _peer);
        _peer.ExpectMsg<ControlOpened>();
        return end;
    }

    private IActorRef Start(IActorRef? singleton, LinkOptions? options = null)
    {
        Action<ControlChannel, IActorRef> paired = (sending, _) =>
        {
            _half.Attach(() => _heard);
            _paired.SetResult(sending);
        };
        LinkOptions bounds = options ?? Options;
        IActorRef end = Sys.ActorOf(Props.Create(
            () => new ControlActor(Channel, _data, _half, singleton, Patience, bounds, paired)));
        // Its timers run from its start, which must not come after the clock is advanced.
        end.Tell(new Identify(null), TestActor);
        ExpectMsg<ActorIdentity>();
        return end;
    }
}
