using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Reduction;

public sealed class ReductionProgramTests
{
    private static readonly ReductionTree Five = new(5);

    [Fact]
    public void The_program_is_the_tree_in_postfix_whatever_the_order_of_the_sources()
    {
        Code(Five, [new(0, 3), new(3, 4), new(4, 5)]).ShouldBe("0 1 2 + +");
        Code(Five, [new(4, 5), new(0, 3), new(3, 4)]).ShouldBe("1 2 0 + +");
        Code(Five, [new(0, 5)]).ShouldBe("0");
        Code(Five, [new(0, 1), new(1, 2), new(2, 3), new(3, 5)]).ShouldBe("0 1 + 2 + 3 +");
    }

    [Fact]
    public void An_absent_subtree_leaves_no_trace()
    {
        Code(Five, [new(0, 2), new(4, 5)]).ShouldBe("0 1 +");
        Code(Five, [new(2, 3)]).ShouldBe("0");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(8, 3)]
    [InlineData(64, 6)]
    public void Few_intermediate_sums_are_alive_at_once(int shards, int sums)
        => ReductionProgram.Compile(new ReductionTree(shards), Leaves(shards)).ScratchBlocks.ShouldBe(sums);

    [Fact]
    public void Sources_that_are_no_disjoint_nodes_are_refused()
    {
        Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, []));
        Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, [new(1, 3)]));
        Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, [new(0, 3), new(2, 3)]));
        Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, [new(0, 1), new(0, 1)]));
        Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, [new(2, 2)]));
    }

    [Fact]
    public void A_missing_shard_is_found_when_it_holds_samples()
    {
        // Five shards of three samples: shards 1, 3 and 4 hold one each.
        ReductionProgram.Compile(Five, [new(1, 2), new(3, 5)], samples: 3).SourceCount.ShouldBe(2);
        FaultOf([new(1, 2), new(4, 5)]).ShouldContain("[2, 4)");
        FaultOf([new(0, 3)]).ShouldContain("[3, 5)");
        FaultOf([new(3, 5)]).ShouldContain("[0, 3)");

        static string FaultOf(ShardRange[] sources)
            => Should.Throw<ArgumentException>(() => ReductionProgram.Compile(Five, sources, 3)).Message;
    }

    private static string Code(ReductionTree tree, ShardRange[] sources)
        => string.Join(' ', ReductionProgram.Compile(tree, sources).Code.ToArray()
            .Select(op => op == ReductionProgram.AddTop ? "+" : $"{op}"));

    private static ShardRange[] Leaves(int shards)
        => [.. Enumerable.Range(0, shards).Select(shard => new ShardRange(shard, shard + 1))];
}
