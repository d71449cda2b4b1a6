using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using static DistTrain.Core.Tests.Cluster.NodeBench;

namespace DistTrain.Core.Tests.Cluster;

public sealed class NodeLinkTests
{
    private readonly NodeBench _bench = new();

    [Fact]
    public void A_node_opens_its_link_and_registers_until_it_is_answered()
    {
        _bench.Started.ShouldBe([new OpenLink()]);
        _bench.Pass(3).ShouldBeEmpty("the link is being opened");
        _bench.Tell(new LinkOpened()).ShouldBe([Say(Introduction)]);
        _bench.Pass(2).ShouldBe(Enumerable.Repeat<Effect>(Say(Introduction), 4));
        _bench.Tell(Accepted()).ShouldBeEmpty();
        _bench.Pass(2).ShouldBe([.. Enumerable.Range(1, 4).Select(number => Say(new Heartbeat(number)))]);
    }

    [Fact]
    public void Failed_tries_are_repeated_less_and_less_often()
    {
        List<double> waits = [];
        for (int attempt = 0; attempt < 8; attempt++)
        {
            TimeSpan failed = _bench.Now;
            _bench.Tell(new LinkFailed("refused", Permanent: false)).ShouldBeEmpty();
            while (!_bench.Pass(0.125).Contains(new OpenLink()))
            {
            }
            waits.Add((_bench.Now - failed).TotalSeconds);
        }
        waits[0].ShouldBe(0.125);
        waits.ShouldBe(waits.Order());
        waits[^1].ShouldBeInRange(2.5, 5.125);
    }

    [Fact]
    public void What_cannot_get_better_ends_the_process()
    {
        _bench.Tell(new LinkFailed("wrong token", Permanent: true)).ShouldBe([new EndNode(2, "wrong token")]);
        _bench.Pass(60).ShouldBeEmpty();
        NodeBench other = new();
        other.Tell(new LinkOpened());
        other.Tell(new NodeRefused("no such name", TryAgain: false))
            .ShouldBe([new EndNode(2, "no such name")]);
    }

    [Fact]
    public void A_refusal_for_now_is_tried_again_later_and_one_that_comes_late_is_nothing()
    {
        _bench.Tell(new LinkOpened());
        _bench.Tell(new NodeRefused("in use", TryAgain: true)).ShouldBe([new CloseLink("in use")]);
        _bench.Pass(0.125).ShouldBe([new OpenLink()]);
        _bench.Join();
        _bench.Tell(new NodeRefused("in use", TryAgain: true)).ShouldBeEmpty();
    }

    [Fact]
    public void A_silent_coordinator_costs_the_link_after_the_configured_time()
    {
        _bench.Join();
        _bench.Pass(5, silent: true).ShouldNotContain(effect => effect is CloseLink);
        _bench.Pass(0.125, silent: true).OfType<CloseLink>().ShouldHaveSingleItem();
        _bench.Pass(0.25).ShouldContain(new OpenLink());
    }

    [Fact]
    public void A_stall_of_the_node_does_not_make_the_coordinator_silent()
    {
        _bench.Join();
        _bench.Stall(60).ShouldNotContain(effect => effect is CloseLink);
    }

    [Fact]
    public void A_left_over_coordinator_is_not_obeyed_and_its_successor_is()
    {
        _bench.Join(epoch: 4);
        Reconnect();
        _bench.Tell(Accepted(epoch: 3)).OfType<CloseLink>().ShouldHaveSingleItem();
        _bench.Tell(Order("j")).ShouldBeEmpty();
        _bench.Pass(1);
        _bench.Tell(new LinkOpened());
        _bench.Tell(Accepted(epoch: 5)).ShouldBeEmpty();
        _bench.Tell(Order("j")).ShouldBe([new StartWorker(Order("j"))]);
    }

    [Fact]
    public void Another_cluster_is_joined_once_everything_of_the_last_is_stopped()
    {
        _bench.Work("j");
        Reconnect();
        _bench.Tell(Accepted("cluster-2", 1)).OfType<CloseLink>().ShouldHaveSingleItem();
        _bench.Tell(new WorkerStopped(Run("j")));
        _bench.Pass(1);
        _bench.Tell(new LinkOpened());
        _bench.Tell(Accepted("cluster-2", 1)).ShouldBeEmpty();
        _bench.Tell(Order("k")).ShouldBe([new StartWorker(Order("k"))]);
    }

    [Fact]
    public void A_link_that_held_long_makes_the_next_loss_a_first_one()
    {
        for (int loss = 0; loss < 8; loss++)
        {
            _bench.Join();
            Reconnect(open: false);
        }
        _bench.Join();
        _bench.Pass(11);
        _bench.Tell(new LinkLost("reset"));
        _bench.Pass(0.125).ShouldContain(new OpenLink());
    }

    [Fact]
    public void A_node_that_wants_to_leave_asks_until_it_is_answered_and_ends_well()
    {
        _bench.Work("j");
        _bench.Tell(new LeaveWanted()).ShouldBe([Say(new LeaveRequest())]);
        _bench.Pass(2).Count(effect => effect.Equals(Say(new LeaveRequest()))).ShouldBe(4);
        _bench.Tell(Order("k")).ShouldBeEmpty("it begins nothing new");
        _bench.Tell(new ReleaseRun(Run("j"))).ShouldBe([new StopWorker(Run("j"))]);
        _bench.Tell(new WorkerStopped(Run("j"))).ShouldBe([Say(new RunReleased(Run("j")))]);
        _bench.Tell(new LeaveReply()).ShouldBe([new EndNode(0, "it has left the cluster")]);
        _bench.Tell(new LeaveReply()).ShouldBeEmpty();
    }

    [Fact]
    public void A_drained_node_ends_without_having_asked()
    {
        _bench.Join();
        _bench.Tell(new LeaveReply()).ShouldBe([new EndNode(0, "it has left the cluster")]);
    }

    [Theory]
    [InlineData("no link")]
    [InlineData("asked twice")]
    [InlineData("link lost")]
    public void A_node_that_wants_to_leave_does_not_wait_for_what_cannot_come(string why)
    {
        if (why != "no link")
        {
            _bench.Work("j");
            _bench.Tell(new LeaveWanted());
        }
        List<Effect> effects = _bench.Tell(why == "link lost" ? new LinkLost("reset") : new LeaveWanted());
        effects[^1].ShouldBeOfType<EndNode>().ExitCode.ShouldBe(0);
    }

    private void Reconnect(bool open = true)
    {
        _bench.Tell(new LinkLost("reset"));
        while (!_bench.Pass(0.125).Contains(new OpenLink()))
        {
        }
        if (open)
        {
            _bench.Tell(new LinkOpened());
        }
    }
}
