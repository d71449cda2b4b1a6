using Akka.Actor;
using DistTrain.Akka.Links;
using DistTrain.Akka.Messages;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core;

namespace DistTrain.Akka.Membership;

/// <summary>
/// The cluster's one coordinator, wherever it is now. Takes the state directory, as soon as whoever had it
/// before lets go: the directory's lock, not the cluster's opinion, is what makes it the only one.
/// <code>
///   PreStart ──► opening ──locked──► opening, again after a while
///                   │ opened
///                   ▼
///                serving ──HandOver──► saves what runs ──► stopped
/// </code>
/// </summary>
internal sealed class CoordinatorSingleton : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan OpenAgainAfter = TimeSpan.FromMilliseconds(500);
    private readonly CoordinatorSeat _seat;
    private readonly LinkReception _reception;
    private bool _saidLocked;

    public CoordinatorSingleton(CoordinatorSeat seat, LinkReception reception)
    {
        (_seat, _reception) = (seat, reception);
        Receive<OpenNow>(_ => Open());
        Receive<LinkWanted>(_ => Sender.Tell(_seat.Offer!, Self), _ => _seat.Offer is not null);
        Receive<LinkWanted>(_ => { });
        Receive<OpenControl>(open => _reception.Open(open, Sender));
        ReceiveAsync<HandOver>(async _ =>
        {
            await _seat.LeaveAsync(save: true);
            Context.Stop(Self);
        });
    }

    public ITimerScheduler? Timers { get; set; }

    protected override void PreStart() => Self.Tell(OpenNow.Instance);

    /// <summary>Also where the actor system ends at once; whoever waits for that waits for this.</summary>
    protected override void PostStop() => _ = _seat.LeaveAsync(save: false);

    private void Open()
    {
        try
        {
            if (_seat.TryTake(_reception) is { } node)
            {
                Context.ActorOf(ClusterWatch.Deciding(address => SuspectAt(node, address)));
                return;
            }
            if (!_saidLocked)
            {
                _saidLocked = true;
                _seat.Say("waiting for the state directory, which the last coordinator has not let go yet");
            }
            Timers!.StartSingleTimer("open", OpenNow.Instance, OpenAgainAfter);
        }
        catch (DistTrainException fault)
        {
            _seat.Fail(fault);
        }
    }

    private void SuspectAt(CoordinatorNode node, Address address)
    {
        foreach (string name in _reception.NodesAt(address))
        {
            node.Suspect(new Core.Membership.NodeId(name), "the cluster cannot reach it");
        }
    }

    /// <summary>The singleton is to move: told by its manager.</summary>
    internal sealed class HandOver
    {
        public static readonly HandOver Instance = new();
    }

    private sealed class OpenNow
    {
        public static readonly OpenNow Instance = new();
    }
}
