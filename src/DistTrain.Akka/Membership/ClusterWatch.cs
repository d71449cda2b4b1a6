using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using AkkaCluster = Akka.Cluster.Cluster;

namespace DistTrain.Akka.Membership;

/// <summary>
/// Tells people, and whoever decides, what the cluster says of its members: who cannot be reached, who is put
/// out, and what Akka.NET itself warns of.
/// </summary>
internal sealed class ClusterWatch : ReceiveActor
{
    private static readonly Action<string> Silent = _ => { };
    private readonly Action<string> _say;

    /// <param name="say">Takes lines for people.</param>
    /// <param name="unreachable">Hears of members that cannot be reached; null: nobody does.</param>
    public ClusterWatch(Action<string> say, Action<Address>? unreachable)
    {
        _say = say;
        Receive<ClusterEvent.UnreachableMember>(seen =>
        {
            Say(seen.Member, "cannot be reached");
            unreachable?.Invoke(seen.Member.Address);
        });
        Receive<ClusterEvent.ReachableMember>(seen => Say(seen.Member, "can be reached again"));
        Receive<ClusterEvent.MemberUp>(seen => Say(seen.Member, "is in the cluster"));
        Receive<ClusterEvent.MemberDowned>(seen => Say(seen.Member, "is put out of the cluster"));
        Receive<LogEvent>(logged => _say($"akka: {logged.Message?.ToString()?.ReplaceLineEndings(" ")}"));
        ReceiveAny(_ => { });
    }

    /// <summary>One that tells people.</summary>
    public static Props Telling(Action<string> say) => Props.Create(() => new ClusterWatch(say, null));

    /// <summary>One that says nothing, for somebody who decides.</summary>
    public static Props Deciding(Action<Address> unreachable)
        => Props.Create(() => new ClusterWatch(Silent, unreachable));

    protected override void PreStart()
    {
        AkkaCluster.Get(Context.System).Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
        Context.System.EventStream.Subscribe(Self, typeof(Error));
    }

    protected override void PostStop() => AkkaCluster.Get(Context.System).Unsubscribe(Self);

    private void Say(Member member, string what)
    {
        Address at = member.Address;
        _say($"cluster: {string.Join(' ', member.Roles)} {at.Host}:{at.Port} {what}");
    }
}
