using DistTrain.Core.Sharding;

namespace DistTrain.Core.Reduction;

/// <summary>
/// The canonical tree over a given set of partial sums, flattened to postfix so that it can be run for every
/// few kilobytes of a gradient: a number pushes that source, <see cref="AddTop"/> replaces the two topmost
/// values by their sum, left operand first. Workers 0 and 1 of three that hold [0,3) and [3,4) ∪ [4,5) of
/// five shards give the program "0 1 2 + +".
/// </summary>
public sealed class ReductionProgram
{
    internal const int AddTop = -1;
    private readonly int[] _code;

    private ReductionProgram(int[] code, int sources)
    {
        _code = code;
        SourceCount = sources;
        ScratchBlocks = DepthOf(code);
    }

    /// <summary>
    /// Sources the program reads; it names them by their index in the list it was compiled for.
    /// </summary>
    public int SourceCount { get; }

    /// <summary>Intermediate sums that are alive at once.</summary>
    internal int ScratchBlocks { get; }

    internal ReadOnlySpan<int> Code => _code;

    /// <summary>
    /// Compiles the tree for sources in any order. Shards that no source holds count as absent: they add
    /// nothing, not even a zero (x + absent = x), as it is when a short batch leaves them without samples.
    /// </summary>
    /// <param name="tree">The canonical tree.</param>
    /// <param name="sources">Disjoint nodes of it, at least one.</param>
    /// <exception cref="ArgumentException">A source is no node, two overlap, or there is none.</exception>
    public static ReductionProgram Compile(ReductionTree tree, IReadOnlyList<ShardRange> sources)
    {
        if (sources.Count == 0)
            throw new ArgumentException("There is nothing to sum.", nameof(sources));
        int[] order = [.. Enumerable.Range(0, sources.Count).OrderBy(i => sources[i].Start)];
        for (int i = 0; i < order.Length; i++)
        {
            ShardRange source = sources[order[i]];
            if (!tree.IsNode(source))
                throw new ArgumentException($"{source} is no node over {tree.Root}.", nameof(sources));
            if (i > 0 && sources[order[i - 1]].End > source.Start)
                throw new ArgumentException($"{source} overlaps another source.", nameof(sources));
        }
        List<int> code = [];
        Emit(tree.Root, sources, order, code);
        return new ReductionProgram([.. code], sources.Count);
    }

    /// <summary>
    /// As <see cref="Compile(ReductionTree, IReadOnlyList{ShardRange})"/>, and checks that nothing is
    /// missing: every shard without a source must be one that holds none of the batch's samples.
    /// </summary>
    /// <param name="tree">The canonical tree.</param>
    /// <param name="sources">Disjoint nodes of it.</param>
    /// <param name="samples">Samples in this global batch, cut by <see cref="ShardPlan"/>.</param>
    /// <exception cref="ArgumentException">As above, or a shard with samples has no source.</exception>
    public static ReductionProgram Compile(ReductionTree tree, IReadOnlyList<ShardRange> sources, int samples)
    {
        ReductionProgram program = Compile(tree, sources);
        int next = 0;
        ShardRange end = new(tree.Root.End, tree.Root.End);
        foreach (ShardRange source in sources.OrderBy(source => source.Start).Append(end))
        {
            ShardRange gap = new(next, source.Start);
            if (!ShardPlan.HoldsNothing(gap, tree.Root.Count, samples))
                throw new ArgumentException($"Shards {gap} hold samples, but no source.", nameof(sources));
            next = source.End;
        }
        return program;
    }

    /// <summary>
    /// Emits a node's sum; <paramref name="inside"/> are the sources inside it. False: it is absent.
    /// </summary>
    private static bool Emit(
        ShardRange node, IReadOnlyList<ShardRange> sources, ReadOnlySpan<int> inside, List<int> code)
    {
        if (inside.IsEmpty)
            return false;
        if (sources[inside[0]] == node)
        {
            code.Add(inside[0]);
            return true;
        }
        (ShardRange left, ShardRange right) = ReductionTree.Halves(node);
        int cut = 0;
        while (cut < inside.Length && left.Contains(sources[inside[cut]].Start))
            cut++;
        bool hasLeft = Emit(left, sources, inside[..cut], code);
        bool hasRight = Emit(right, sources, inside[cut..], code);
        if (hasLeft && hasRight)
            code.Add(AddTop);
        return hasLeft || hasRight;
    }

    /// <summary>
    /// An intermediate sum lives where its left operand stood on the stack; the last one needs no place.
    /// </summary>
    private static int DepthOf(int[] code)
    {
        int height = 0, deepest = 0;
        for (int i = 0; i < code.Length; i++)
        {
            height += code[i] == AddTop ? -1 : 1;
            if (code[i] == AddTop && i < code.Length - 1)
                deepest = Math.Max(deepest, height);
        }
        return deepest;
    }
}
