using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sampling;
using DistTrain.Core.Sharding;
using static DistTrain.Core.Tests.Coordination.ScriptedRun;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>Whole runs in which every worker takes as long for a shard as the test says.</summary>
public sealed class MeasuredSpeedTests
{
    private const int Shards = 12;
    private readonly ScriptedRun _run = WithTwoWorkers(shards: Shards);
    private readonly List<Effect> _effects = [];
    private (ActorId To, long Step, ShardRange Shards)[] _orders =
        [(A, 0, new ShardRange(0, Shards / 2)), (B, 0, new ShardRange(Shards / 2, Shards))];

    [Fact]
    public void A_worker_at_half_speed_ends_with_half_the_others_shards_and_is_named_once()
    {
        Steps(40, (worker, _) => worker == B ? 20 : 10);
        SharesNow().ShouldBe([8, 4]);
        Notices().ShouldBe(["worker-b is slow: 120 ms a step, the others 60 ms"]);
        WorkerPace last = _effects.OfType<ReportWorkers>().Last().Paces[1];
        last.ShouldBe(new WorkerPace("worker-b", 4, TimeSpan.FromMilliseconds(80), 100, IsSlow: false)
        {
            FirstShard = 8,
        });
    }

    [Fact]
    public void Workers_that_are_alike_and_jitter_keep_equal_shares()
    {
        Steps(300, (worker, step) => 10 + 4 * KeyedRandom.Uniform((ulong)step, worker == A ? 1UL : 2UL));
        _effects.OfType<ReportWorkers>().ShouldAllBe(report => report.Paces.All(pace => pace.Shards == 6));
        Notices().ShouldBeEmpty();
    }

    [Fact]
    public void A_worker_that_was_given_nothing_is_tried_again_after_a_while()
    {
        Steps(20, (worker, _) => worker == B ? 1000 : 10);
        SharesNow().ShouldBe([12, 0]);
        Steps(1_000, (_, _) => 10);
        SharesNow().ShouldBe([6, 6]);
    }

    [Fact]
    public void Paces_are_reported_at_most_once_a_second_while_nothing_changes()
    {
        Steps(100, (_, _) => 10);
        _effects.OfType<ReportWorkers>().Count().ShouldBeInRange(6, 8, "a step takes 60 ms");
    }

    private int[] SharesNow()
        => [.. new[] { A, B }.Select(worker => _orders.Where(order => order.To == worker).Sum(
            order => order.Shards.Count))];

    private string[] Notices() => [.. _effects.OfType<Notice>().Select(notice => notice.Text)];

    private void Steps(int count, Func<ActorId, long, double> millisecondsPerShard)
    {
        var tree = new ReductionTree(Shards);
        for (int i = 0; i < count; i++)
        {
            long step = _orders[0].Step;
            TimeSpan start = _run.Now;
            foreach ((ActorId to, _, ShardRange shards) in _orders.OrderBy(
                order => order.Shards.Count * millisecondsPerShard(order.To, step)))
            {
                double time = shards.Count * millisecondsPerShard(to, step);
                _run.Now = start + TimeSpan.FromMilliseconds(time);
                foreach (ShardRange node in tree.MaximalSubtrees(shards))
                {
                    _effects.AddRange(_run.Deliver(to, step, node.Start, node.End));
                }
            }
            IReadOnlyList<Effect> committed = _run.Commit(step);
            _effects.AddRange(committed);
            _orders = Orders(committed);
        }
    }
}
