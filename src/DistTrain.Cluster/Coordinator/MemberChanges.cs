using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Tells what became of members, from what the machine's list was before a message and is after it. The
/// machine gives a notice with each change, so only messages with a notice need be looked at.
/// </summary>
internal sealed class MemberChanges(ICoordinatorWatch watch)
{
    private readonly Dictionary<NodeId, Member> _known = [];

    public void Look(IReadOnlyList<Member> present)
    {
        foreach (Member known in _known.Values.ToArray())
        {
            if (!present.Any(member => member.Node == known.Node && member.Session == known.Session))
            {
                _known.Remove(known.Node);
                watch.OnMember(known.IsLeaving ? MemberChange.Left : MemberChange.Lost);
            }
        }
        foreach (Member member in present)
        {
            bool wasSuspected = false;
            if (_known.TryGetValue(member.Node, out Member? known))
            {
                wasSuspected = known.IsSuspected;
            }
            else
            {
                watch.OnMember(MemberChange.Joined);
            }
            if (member.IsSuspected != wasSuspected)
            {
                watch.OnMember(member.IsSuspected ? MemberChange.Suspected : MemberChange.Recovered);
            }
            _known[member.Node] = member;
        }
    }
}
