using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;
using static DistTrain.Core.Tests.Cluster.ClusterBench;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>What is remembered of nodes that have gone, for people.</summary>
public sealed class ClusterDepartedTests
{
    private readonly ClusterBench _bench = new();

    [Fact]
    public void A_node_that_fails_at_work_is_remembered_with_its_job_the_reason_and_the_time()
    {
        _bench.RunJob("j", nodes: 2);
        _bench.Tell(new SessionClosed(Session(2), "reset by peer"));
        _bench.Machine.Departed.ShouldBe(
            [new Departed(new NodeId("b"), new JobId("j"), "reset by peer", _bench.Now)]);
    }

    [Fact]
    public void A_node_that_was_asked_to_go_and_owed_nothing_has_no_reason()
    {
        _bench.Register("a", 1);
        _bench.Command(request => new DrainNode(request, new NodeId("a")));
        _bench.Tell(new SessionClosed(Session(1), "closed"));
        _bench.Machine.Departed.ShouldBe([new Departed(new NodeId("a"), null, null, _bench.Now)]);
    }

    [Fact]
    public void A_node_that_comes_back_is_gone_no_more()
    {
        _bench.Register("a", 1);
        _bench.Tell(new SessionClosed(Session(1), "closed"));
        _bench.Machine.Departed.ShouldHaveSingleItem();
        _bench.Register("a", 2, incarnation: 2);
        _bench.Machine.Departed.ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_last_few_are_remembered_and_each_name_once()
    {
        for (int node = 1; node <= 40; node++)
        {
            _bench.Register($"node-{node}", node);
            _bench.Tell(new SessionClosed(Session(node), "closed"));
        }

        _bench.Machine.Departed.Select(gone => gone.Node.Name)
            .ShouldBe(Enumerable.Range(25, 16).Select(node => $"node-{node}"));
    }
}
