using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Membership;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class ClusterMembershipTests
{
    private readonly ClusterBench _bench = new();

    [Fact]
    public void A_node_that_registers_is_accepted_and_as_often_as_it_asks()
    {
        SendToNode accepted = new(Session(1), new NodeAccepted("cluster-1", 4, new FailureDetectorOptions()));
        _bench.Register("a", 1).ShouldContain(accepted);
        _bench.Register("a", 1).ShouldBe([accepted], "nothing else happens the second time");
        _bench.Machine.Members.ShouldHaveSingleItem().Node.ShouldBe(new NodeId("a"));
    }

    [Fact]
    public void A_name_in_use_is_refused_to_another_process_until_its_holder_is_gone()
    {
        _bench.Register("a", 1, incarnation: 1);
        _bench.Register("a", 2, incarnation: 2).ShouldBe(
            [new SendToNode(Session(2), new NodeRefused("the name a is in use by another worker", true))]);
        _bench.Tell(new SessionClosed(Session(1), "closed"));
        _bench.Register("a", 2, incarnation: 2);
        _bench.Member("a").Session.ShouldBe(Session(2));
    }

    [Fact]
    public void The_same_process_over_a_new_link_replaces_the_old_one_and_its_run_hears_of_the_loss_first()
    {
        _bench.RunJob("j", nodes: 1);
        List<Effect> effects = _bench.Register("a", 5);
        effects.OfType<CloseSession>().ShouldHaveSingleItem().Session.ShouldBe(Session(1));
        int lost = effects.IndexOf(
            new TellRun(Run("j"), new WorkerLost(Actor("a"), "it came back over a new link")));
        int prepare = effects.IndexOf(new SendToNode(Session(5), new PrepareRun(Run("j"), "{}", Inputs)));
        lost.ShouldBeGreaterThanOrEqualTo(0);
        prepare.ShouldBeGreaterThan(lost, "it is asked to take part again");
        _bench.Register("a", 1).ShouldBe([new CloseSession(Session(1), "this link was given up")]);
        _bench.Register("a", 4).ShouldBe([new CloseSession(Session(4), "a has a newer link")]);
    }

    [Theory]
    [InlineData("", 1.0)]
    [InlineData("coordinator", 1.0)]
    [InlineData("a", double.NaN)]
    [InlineData("a", -1.0)]
    public void A_registration_that_cannot_be_used_is_refused_for_good(string name, double speed)
    {
        _bench.Register(name, 1, speed: speed).ShouldHaveSingleItem().ShouldBeOfType<SendToNode>()
            .Message.ShouldBeOfType<NodeRefused>().TryAgain.ShouldBeFalse();
        _bench.Machine.Members.ShouldBeEmpty();
    }

    [Fact]
    public void Two_names_over_one_link_cost_the_link()
    {
        _bench.Register("a", 1);
        _bench.Register("b", 1).OfType<CloseSession>().ShouldHaveSingleItem();
        _bench.Machine.Members.ShouldBeEmpty();
    }

    [Fact]
    public void Heartbeats_go_to_every_node_once_in_their_period()
    {
        _bench.Register("a", 1);
        _bench.Register("b", 2);
        SendToNode[] beats = [.. _bench.Pass(5).OfType<SendToNode>()];
        beats.ShouldAllBe(beat => beat.Message is Heartbeat);
        beats.Count(beat => beat.Session == Session(1)).ShouldBe(10);
        beats.Count(beat => beat.Session == Session(2)).ShouldBe(10);
    }

    [Fact]
    public void A_silent_node_is_suspected_then_removed_and_its_run_loses_a_worker()
    {
        _bench.RunJob("j", nodes: 2);
        List<Effect> first = _bench.Pass(2.25, silent: 2);
        first.ShouldContain(new ClusterNotice("b is suspected: nothing heard for 2 s"));
        first.ShouldNotContain(effect => effect is TellRun, "it keeps its shards");
        _bench.Member("b").IsSuspected.ShouldBeTrue();
        List<Effect> then = _bench.Pass(3, silent: 2);
        then.ShouldContain(new CloseSession(Session(2), "nothing heard for 5 s"));
        then.ShouldContain(new TellRun(Run("j"), new WorkerLost(Actor("b"), "nothing heard for 5 s")));
        _bench.Machine.Members.Select(member => member.Node.Name).ShouldBe(["a"]);
    }

    [Fact]
    public void A_suspected_node_gets_no_run_and_is_back_when_it_is_heard()
    {
        _bench.Register("a", 1);
        _bench.Pass(2.25, silent: 1);
        _bench.Submit(Job("j")).ShouldNotContain(effect => effect is OpenRun);
        List<Effect> effects = _bench.From(1, new Heartbeat(9));
        effects[0].ShouldBe(new ClusterNotice("a is back"));
        effects.ShouldContain(new OpenRun(Run("j")));
    }

    [Fact]
    public void A_node_that_others_cannot_reach_is_suspected_once_and_stays_a_member()
    {
        _bench.Register("a", 1);
        var report = new NodeSuspected(new NodeId("a"), "cut off");
        _bench.Tell(report).ShouldContain(new ClusterNotice("a is suspected: cut off"));
        _bench.Tell(report).ShouldNotContain(effect => effect is ClusterNotice);
        _bench.Member("a").IsSuspected.ShouldBeTrue();
        _bench.Submit(Job("j")).ShouldNotContain(effect => effect is OpenRun);
        _bench.From(1, new Heartbeat(9)).ShouldContain(new OpenRun(Run("j")));
    }

    [Fact]
    public void A_stall_of_the_coordinator_condemns_nobody()
    {
        _bench.Register("a", 1);
        _bench.Stall(60);
        _bench.Member("a").IsSuspected.ShouldBeFalse();
        _bench.Pass(2.25, silent: 1);
        _bench.Member("a").IsSuspected.ShouldBeTrue();
    }

    [Fact]
    public void A_closed_socket_is_noticed_at_once()
    {
        _bench.RunJob("j", nodes: 1);
        _bench.Tell(new SessionClosed(Session(1), "reset by peer"))
            .ShouldContain(new TellRun(Run("j"), new WorkerLost(Actor("a"), "reset by peer")));
        _bench.Machine.Members.ShouldBeEmpty();
        _bench.Tell(new SessionClosed(Session(1), "reset by peer")).ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_does_not_know_it_was_given_up_is_told_by_a_closed_link()
        => _bench.From(7, new Heartbeat(3)).ShouldHaveSingleItem().ShouldBeOfType<CloseSession>();

    [Fact]
    public void A_worker_that_answers_what_it_was_not_asked_loses_its_link()
    {
        _bench.RunJob("j", nodes: 2);
        _bench.From(1, new RunReleased(Run("j"))).OfType<CloseSession>().ShouldHaveSingleItem();
        _bench.From(2, new RunRefused(Run("j"), "no")).OfType<CloseSession>().ShouldHaveSingleItem();
    }
}
