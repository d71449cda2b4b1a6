using DistTrain.Core.Memory;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;
using FsCheck;
using FsCheck.Fluent;
using static DistTrain.Core.Tests.Reduction.NaiveReduction;

namespace DistTrain.Core.Tests.Reduction;

public sealed unsafe class TreeReductionTests
{
    private const int Length = 2 * TreeReduction.BlockLength + 1371;

    /// <summary>
    /// The promise of the whole project in small: whatever ranges the workers hold, whatever sums they make
    /// of them, wherever the vector is sliced, the bits are those of the naive recursion over single shards.
    /// </summary>
    [Fact]
    public void Any_assignment_and_any_slicing_give_the_bits_of_the_naive_sum()
    {
        Gen<(int Shards, int Seed)> cases =
            from shards in Gen.Choose(1, 24) from seed in Gen.Choose(0, 1 << 20) select (shards, seed);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            Random random = new(one.Seed);
            ReductionTree tree = new(one.Shards);
            float[][] shards = [.. Enumerable.Range(one.Seed, one.Shards).Select(i => Values(Length, i))];
            int samples = random.Next(1, 2 * one.Shards + 1);
            List<(ShardRange Node, float[] Sum)> sources = SumsOfRandomWorkers(tree, shards, samples, random);
            float[] expected = Sum(tree, tree.Root, LeavesWithSamples(shards, samples))!;

            (float[] sum, double[] squares) = Reduce(tree, sources, samples, -1, random, Length - 500);

            Bits(sum).ShouldBe(Bits(expected));
            Bits(squares).ShouldBe(Bits(BlockSquares(expected, Length - 500)));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(64)]
    public void The_destination_may_be_any_one_of_the_sources(int shards)
    {
        ReductionTree tree = new(shards);
        List<(ShardRange Node, float[] Sum)> sources =
            [.. Enumerable.Range(0, shards).Select(i => (new ShardRange(i, i + 1), Values(Length, i)))];
        float[] expected = Sum(tree, tree.Root, node => node.Count == 1 ? sources[node.Start].Sum : null)!;
        for (int destination = 0; destination < shards; destination++)
        {
            (float[] sum, _) = Reduce(tree, sources, shards, destination, new Random(1), Length);
            Bits(sum).ShouldBe(Bits(expected));
        }
    }

    /// <summary>Were the order free, these values would show it: the test data has teeth.</summary>
    [Fact]
    public void Adding_the_same_shards_from_left_to_right_gives_other_bits()
    {
        ReductionTree tree = new(8);
        float[][] shards = [.. Enumerable.Range(0, 8).Select(shard => Values(Length, shard))];
        float[] expected = Sum(tree, tree.Root, node => node.Count == 1 ? shards[node.Start] : null)!;
        float[] leftToRight = shards.Aggregate((sum, next) => [.. sum.Zip(next, (x, y) => x + y)]);
        Bits(leftToRight).ShouldNotBe(Bits(expected));
    }

    [Fact]
    public void Elements_outside_the_slice_are_left_alone()
    {
        using NativeBuffer<float> source = Buffer(Values(Length, 1));
        using NativeBuffer<float> result = Buffer([.. Enumerable.Repeat(7f, Length)]);
        ReductionProgram program = ReductionProgram.Compile(new ReductionTree(1), [new(0, 1)]);
        double[] squares = new double[1];
        TreeReduction.Run(program, [(nint)source.Pointer], result.Pointer, 4096, 4096, squares);
        result.Span[..4096].ToArray().ShouldAllBe(value => value == 7f);
        result.Span[8192..].ToArray().ShouldAllBe(value => value == 7f);
        Bits(result.Span[4096..8192].ToArray()).ShouldBe(Bits(source.Span[4096..8192].ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_non_finite_element_makes_its_block_and_no_other_non_finite(int shards)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            List<(ShardRange Node, float[] Sum)> sources =
                [.. Enumerable.Range(0, shards).Select(i => (new ShardRange(i, i + 1), Values(Length, i)))];
            sources[^1].Sum[TreeReduction.BlockLength + 77] = bad;
            (_, double[] squares) = Reduce(new(shards), sources, shards, -1, new Random(1), Length);
            squares.Select(double.IsFinite).ShouldBe([true, false, true]);
            double.IsFinite(GradientNorm.FromBlocks(squares, 0.5)).ShouldBeFalse();
        }
    }

    [Fact]
    public void The_largest_finite_gradient_has_a_finite_norm()
    {
        float[] values = [.. Enumerable.Repeat(float.MaxValue, Length)];
        (_, double[] squares) = Reduce(new(1), [(new(0, 1), values)], 1, -1, new Random(1), Length);
        GradientNorm.FromBlocks(squares, 1).ShouldBe(float.MaxValue * Math.Sqrt(Length), 1e30);
    }

    [Fact]
    public void A_bound_of_the_norm_inside_a_tile_or_before_the_slice_is_kept()
    {
        float[] values = Values(Length, 3);
        foreach (long bound in new long[] { 0, 1, 15, 16, 17, 1000, 4095, 4096, 4097, 5000, Length })
        {
            (_, double[] squares) = Reduce(new(1), [(new(0, 1), values)], 1, -1, new Random(1), bound);
            Bits(squares).ShouldBe(Bits(BlockSquares(values, bound)));
        }
    }

    [Fact]
    public void Slices_that_would_change_the_bits_are_refused()
    {
        ReductionProgram program = ReductionProgram.Compile(new ReductionTree(1), [new(0, 1)]);
        using NativeBuffer<float> buffer = new(8192);
        nint[] one = [(nint)buffer.Pointer];
        float* result = buffer.Pointer;
        double[] squares = new double[1];
        Should.Throw<ArgumentException>(() => TreeReduction.Run(program, one, result, 100, 10, squares));
        Should.Throw<ArgumentException>(() => TreeReduction.Run(program, one, result, 0, 8192, squares));
        Should.Throw<ArgumentException>(() => TreeReduction.Run(program, [], result, 0, 10, squares));
        Should.Throw<ArgumentException>(() => TreeReduction.Run(program, one, result, -4096, 1, squares));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1000)]
    public void Add_adds_element_by_element(int length)
    {
        float[] a = Values(length, 1), b = Values(length, 2);
        using NativeBuffer<float> into = Buffer(a), other = Buffer(b);
        TreeReduction.Add(into.Pointer, other.Pointer, length);
        Bits(into.Span.ToArray()).ShouldBe(Bits(a.Zip(b, (x, y) => x + y)));
        Bits(other.Span.ToArray()).ShouldBe(Bits(b));
    }

    private static Func<ShardRange, float[]?> LeavesWithSamples(float[][] shards, int samples)
        => node => node.Count == 1 && ShardPlan.SamplesOf(node.Start, shards.Length, samples).Count > 0
            ? shards[node.Start]
            : null;

    /// <summary>
    /// Random contiguous ranges; each worker sums its maximal subtrees, and sends none that is empty.
    /// </summary>
    private static List<(ShardRange Node, float[] Sum)> SumsOfRandomWorkers(
        ReductionTree tree, float[][] shards, int samples, Random random)
    {
        double[] speeds = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.NextDouble())];
        List<(ShardRange Node, float[] Sum)> sums = [];
        foreach (ShardRange range in ShardAssignment.Assign(shards.Length, speeds))
        {
            foreach (ShardRange node in tree.MaximalSubtrees(range))
            {
                if (Sum(tree, node, LeavesWithSamples(shards, samples)) is { } sum)
                    sums.Add((node, sum));
            }
        }
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sums));
        return sums;
    }

    private static (float[] Sum, double[] Squares) Reduce(
        ReductionTree tree, List<(ShardRange Node, float[] Sum)> sources, int samples, int destination,
        Random random, long normLength)
    {
        NativeBuffer<float>[] buffers = [.. sources.Select(source => Buffer(source.Sum)), new(Length)];
        try
        {
            ShardRange[] nodes = [.. sources.Select(source => source.Node)];
            ReductionProgram program = ReductionProgram.Compile(tree, nodes, samples);
            nint[] pointers = [.. buffers[..^1].Select(buffer => (nint)buffer.Pointer)];
            NativeBuffer<float> result = destination < 0 ? buffers[^1] : buffers[destination];
            double[] squares = new double[TreeReduction.BlocksOf(Length)];
            for (int block = 0; block < squares.Length;)
            {
                int blocks = random.Next(1, squares.Length - block + 1);
                long offset = (long)block * TreeReduction.BlockLength;
                long length = Math.Min((long)blocks * TreeReduction.BlockLength, Length - offset);
                Span<double> part = squares.AsSpan(block, blocks);
                TreeReduction.Run(program, pointers, result.Pointer, offset, length, part, normLength);
                block += blocks;
            }
            return (result.Span.ToArray(), squares);
        }
        finally
        {
            foreach (NativeBuffer<float> buffer in buffers)
                buffer.Dispose();
        }
    }
}
