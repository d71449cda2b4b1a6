using Akka.Actor;
using DistTrain.Akka.Messages;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Akka.Links;

/// <summary>
/// One end of a control channel. The worker's end asks the coordinator's singleton to be joined to the end
/// that belongs to its data link; the coordinator's waits for that. Then frames are delivered in order and
/// acknowledged, and the end of either half is the end of both.
/// <code>
///   worker's end                    singleton                 coordinator's end
///   OpenControl, again and again ──────► forwards ───────────► remembers the sender, watches it
///   watches it ◄──────────────────── ControlOpened ◄──────────┘
///   ControlFrame 1, 2, 3 …  ◄──────────────────────────────► ControlFrame 1, 2, 3 …
/// </code>
/// Invariant: a frame is delivered only when all before it were; a gap, a silent end, or the other node's
/// removal from the cluster closes the data link, whose end the handler hears of.
/// </summary>
internal sealed class ControlActor : ReceiveActor, IWithTimers
{
    private const int AcknowledgeEvery = 64;
    private const int AcknowledgeBytes = 1 << 20;
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private readonly ulong _channel;
    private readonly ILink _data;
    private readonly DataHalf _half;
    private readonly ICanTell? _singleton;
    private readonly TimeSpan _patience;
    private readonly LinkOptions _options;
    private readonly Action<ControlChannel, IActorRef> _paired;
    private IActorRef? _peer;
    private ControlChannel? _out;
    private long _received;
    private int _unacknowledged;
    private long _unacknowledgedBytes;

    /// <param name="channel">Number of the channel.</param>
    /// <param name="data">The data link it belongs to.</param>
    /// <param name="half">Takes what comes.</param>
    /// <param name="singleton">The worker's end: whom to ask; null: the coordinator's end.</param>
    /// <param name="patience">Without a peer for so long, the data link is closed.</param>
    /// <param name="options">Bounds of the channel.</param>
    /// <param name="paired">Hears, once there is a peer, of the sending half and of this actor.</param>
    public ControlActor(
        ulong channel, ILink data, DataHalf half, ICanTell? singleton, TimeSpan patience,
        LinkOptions options, Action<ControlChannel, IActorRef> paired)
    {
        (_channel, _data, _half, _singleton) = (channel, data, half, singleton);
        (_patience, _options, _paired) = (patience, options, paired);
        Receive<OpenControl>(
            _ =>
            {
                Join();
                Sender.Tell(new ControlOpened(_channel), Self);
            },
            open => _singleton is null && open.Channel == _channel
                && (_peer is null || Sender.Equals(_peer)));
        Receive<ControlOpened>(_ => Join(), opened => opened.Channel == _channel);
        Receive<ControlFrame>(OnFrame, frame => frame.Channel == _channel && Sender.Equals(_peer));
        Receive<ControlAck>(ack => _out!.Acknowledge(ack.Sequence), _ => Sender.Equals(_peer));
        Receive<ControlClosed>(
            closed => End($"the other end closed the link: {closed.Reason}"), _ => Sender.Equals(_peer));
        Receive<AskNow>(_ => _singleton!.Tell(new OpenControl(_channel), Self));
        Receive<Impatience>(_ => End("no control channel was opened for the data link"));
        Receive<Terminated>(
            gone => End($"{gone.ActorRef.Path.Address} has left the cluster, or was put out"));
        Receive<DataEnded>(_ => Context.Stop(Self));
    }

    public ITimerScheduler? Timers { get; set; }

    protected override void PreStart()
    {
        Timers!.StartSingleTimer("patience", Impatience.Instance, _patience);
        if (_singleton is not null)
        {
            Self.Tell(AskNow.Instance);
            Timers.StartPeriodicTimer("ask", AskNow.Instance, AskAgain);
        }
    }

    protected override void PostStop() => _data.Close("the cluster's actors at this end are gone");

    private void Join()
    {
        if (_peer is not null)
        {
            return;
        }
        _peer = Sender;
        Timers!.CancelAll();
        Context.Watch(_peer);
        _out = new ControlChannel(_channel, Self, _peer, _options);
        _paired(_out, Self);
    }

    private void OnFrame(ControlFrame frame)
    {
        if (frame.Sequence != _received + 1)
        {
            End($"control messages {_received + 1} to {frame.Sequence - 1} were lost on the way");
            return;
        }
        _received = frame.Sequence;
        try
        {
            _half.Deliver(frame.Body);
        }
        catch (ProtocolFaultException fault)
        {
            End(fault.Message);
            return;
        }
        _unacknowledged++;
        _unacknowledgedBytes += frame.Body.Length;
        if (_unacknowledged >= AcknowledgeEvery || _unacknowledgedBytes >= AcknowledgeBytes)
        {
            (_unacknowledged, _unacknowledgedBytes) = (0, 0);
            _peer!.Tell(new ControlAck(_channel, _received), Self);
        }
    }

    /// <summary>The data link's end comes back as <see cref="DataEnded"/>, and ends this actor.</summary>
    private void End(string reason)
    {
        _out?.Close(reason);
        _data.Close(reason);
    }

    /// <summary>The data link has ended.</summary>
    internal sealed record DataEnded;

    private sealed class AskNow
    {
        public static readonly AskNow Instance = new();
    }

    private sealed class Impatience
    {
        public static readonly Impatience Instance = new();
    }
}
