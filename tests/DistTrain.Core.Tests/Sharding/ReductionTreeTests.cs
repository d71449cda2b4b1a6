using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Sharding;

public sealed class ReductionTreeTests
{
    [Fact]
    public void An_odd_count_leaves_the_extra_shard_on_the_left()
    {
        ReductionTree tree = new(5);
        tree.Split(new(0, 5)).ShouldBe((new ShardRange(0, 3), new ShardRange(3, 5)));
        tree.Split(new(0, 3)).ShouldBe((new ShardRange(0, 2), new ShardRange(2, 3)));
        tree.Split(new(3, 5)).ShouldBe((new ShardRange(3, 4), new ShardRange(4, 5)));
    }

    [Fact]
    public void Ranges_that_are_no_inner_node_cannot_be_split()
    {
        ReductionTree tree = new(5);
        Should.Throw<ArgumentException>(() => tree.Split(new(0, 1)));
        Should.Throw<ArgumentException>(() => tree.Split(new(1, 3)));
        Should.Throw<ArgumentException>(() => tree.Split(new(0, 6)));
        Should.Throw<ArgumentException>(() => tree.Split(new(2, 2)));
    }

    [Fact]
    public void Nodes_are_exactly_what_splitting_the_root_reaches()
    {
        for (int shards = 1; shards <= 33; shards++)
        {
            ReductionTree tree = new(shards);
            HashSet<ShardRange> nodes = NodesOf(tree);
            nodes.Count.ShouldBe(2 * shards - 1);
            foreach (ShardRange range in RangesWithin(shards))
                tree.IsNode(range).ShouldBe(nodes.Contains(range), range.ToString());
        }
    }

    /// <summary>The naive model: of all nodes inside the range, those inside no larger one of them.</summary>
    [Fact]
    public void Maximal_subtrees_are_the_nodes_inside_a_range_that_no_other_contains()
    {
        for (int shards = 1; shards <= 20; shards++)
        {
            ReductionTree tree = new(shards);
            HashSet<ShardRange> nodes = NodesOf(tree);
            foreach (ShardRange range in RangesWithin(shards))
            {
                ShardRange[] inside = [.. nodes.Where(node => range.Contains(node))];
                IEnumerable<ShardRange> maximal = inside
                    .Where(node => !inside.Any(other => other != node && other.Contains(node)))
                    .OrderBy(node => node.Start);
                tree.MaximalSubtrees(range).ShouldBe(maximal);
            }
        }
    }

    [Fact]
    public void Few_subtrees_cover_any_range()
    {
        ReductionTree tree = new(1000);
        for (int start = 0; start < 1000; start += 7)
        {
            for (int end = start + 1; end <= 1000; end += 11)
                tree.MaximalSubtrees(new(start, end)).Count.ShouldBeLessThanOrEqualTo(20);
        }
    }

    [Fact]
    public void An_empty_range_has_no_subtrees_and_a_foreign_one_is_refused()
    {
        new ReductionTree(4).MaximalSubtrees(new(2, 2)).ShouldBeEmpty();
        Should.Throw<ArgumentOutOfRangeException>(() => new ReductionTree(4).MaximalSubtrees(new(2, 5)));
        Should.Throw<ArgumentOutOfRangeException>(() => new ReductionTree(0));
    }

    private static HashSet<ShardRange> NodesOf(ReductionTree tree)
    {
        HashSet<ShardRange> nodes = [];
        Stack<ShardRange> open = new([tree.Root]);
        while (open.TryPop(out ShardRange node))
        {
            nodes.Add(node).ShouldBeTrue();
            if (node.Count > 1)
            {
                (ShardRange left, ShardRange right) = tree.Split(node);
                left.Count.ShouldBe((node.Count + 1) / 2);
                (left.Start, left.End, right.End).ShouldBe((node.Start, right.Start, node.End));
                open.Push(left);
                open.Push(right);
            }
        }
        return nodes;
    }

    private static IEnumerable<ShardRange> RangesWithin(int shards)
        => from start in Enumerable.Range(0, shards)
           from end in Enumerable.Range(start + 1, shards - start)
           select new ShardRange(start, end);
}
