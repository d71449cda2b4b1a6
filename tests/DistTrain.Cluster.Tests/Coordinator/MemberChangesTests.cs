using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;

namespace DistTrain.Cluster.Tests.Coordinator;

public sealed class MemberChangesTests : ICoordinatorWatch
{
    private readonly List<MemberChange> _told = [];
    private readonly MemberChanges _changes;

    public MemberChangesTests() => _changes = new MemberChanges(this);

    [Fact]
    public void Coming_falling_silent_speaking_again_and_dying_are_told_once_each()
    {
        _changes.Look([Node("a"), Node("b")]);
        _changes.Look([Node("a"), Node("b") with { IsSuspected = true }]);
        _changes.Look([Node("a"), Node("b") with { IsSuspected = true }]);
        _changes.Look([Node("a"), Node("b")]);
        _changes.Look([Node("a")]);

        _told.ShouldBe(
        [
            MemberChange.Joined, MemberChange.Joined, MemberChange.Suspected, MemberChange.Recovered,
            MemberChange.Lost,
        ]);
    }

    [Fact]
    public void A_node_that_was_asked_to_go_has_left()
    {
        _changes.Look([Node("a")]);
        _changes.Look([Node("a") with { IsLeaving = true }]);
        _changes.Look([]);

        _told.ShouldBe([MemberChange.Joined, MemberChange.Left]);
    }

    [Fact]
    public void A_node_that_is_back_over_a_new_link_was_lost_in_between()
    {
        _changes.Look([Node("a")]);
        _changes.Look([Node("a", session: 2)]);

        _told.ShouldBe([MemberChange.Joined, MemberChange.Lost, MemberChange.Joined]);
    }

    void ICoordinatorWatch.OnMember(MemberChange change) => _told.Add(change);

    private static Member Node(string name, long session = 1) => new(
        new NodeId(name), new SessionId(session), new NodeDescription("cpu", 1, 0, 1, "", ""), null,
        IsSuspected: false, IsLeaving: false, TimeSpan.Zero);
}
