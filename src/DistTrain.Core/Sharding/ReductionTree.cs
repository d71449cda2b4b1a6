namespace DistTrain.Core.Sharding;

/// <summary>
/// The canonical binary tree over shard indices along which every gradient is summed. Floating-point addition
/// is not associative; one tree, fixed by the number of shards alone, is what makes the sum the same bits for
/// every number of workers and every assignment.
/// <code>
///            [0,5)
///        /         \
///      [0,3)       [3,5)
///     /    \       /   \
///  [0,2)  [2,3) [3,4) [4,5)
///  /   \
/// [0,1)[1,2)
/// </code>
/// Balanced halving: a node of n shards gives the first ⌈n/2⌉ to its left child and the rest to its right
/// one, so an odd count leaves the extra shard on the left. A node of one shard is a leaf.
/// </summary>
public sealed class ReductionTree
{
    /// <param name="shards">Number of shards, at least 1.</param>
    public ReductionTree(int shards)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        Root = new ShardRange(0, shards);
    }

    /// <summary>All shards.</summary>
    public ShardRange Root { get; }

    /// <summary>The children of an inner node.</summary>
    /// <exception cref="ArgumentException">The range is no node of this tree, or a leaf.</exception>
    public (ShardRange Left, ShardRange Right) Split(ShardRange node)
    {
        if (node.Count < 2 || !IsNode(node))
            throw new ArgumentException($"{node} is no inner node of the tree over {Root}.", nameof(node));
        return Halves(node);
    }

    /// <summary>
    /// True when the range is a node: such a range, and no other, has a sum that may be sent.
    /// </summary>
    public bool IsNode(ShardRange range)
    {
        if (range.IsEmpty || !Root.Contains(range))
            return false;
        ShardRange node = Root;
        while (node != range)
        {
            if (node.Count == 1)
                return false;
            (ShardRange left, ShardRange right) = Halves(node);
            if (left.Contains(range))
                node = left;
            else if (right.Contains(range))
                node = right;
            else
                return false;
        }
        return true;
    }

    /// <summary>
    /// The fewest nodes that together are the range, in ascending order: what a worker sends for the shards
    /// it was given. At most 2·⌈log₂ S⌉ of them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tree.</exception>
    public IReadOnlyList<ShardRange> MaximalSubtrees(ShardRange range)
    {
        if (range.IsEmpty)
            return [];
        if (!Root.Contains(range))
            throw new ArgumentOutOfRangeException(nameof(range), $"{range} leaves the tree over {Root}.");
        List<ShardRange> subtrees = [];
        Collect(Root, range, subtrees);
        return subtrees;
    }

    /// <summary>Halves without the check that the node is one: for walks that began at the root.</summary>
    internal static (ShardRange Left, ShardRange Right) Halves(ShardRange node)
    {
        int middle = node.Start + node.Count / 2 + node.Count % 2;
        return (node with { End = middle }, node with { Start = middle });
    }

    private static void Collect(ShardRange node, ShardRange range, List<ShardRange> subtrees)
    {
        if (range.Contains(node))
        {
            subtrees.Add(node);
        }
        else if (node.Start < range.End && range.Start < node.End)
        {
            (ShardRange left, ShardRange right) = Halves(node);
            Collect(left, range, subtrees);
            Collect(right, range, subtrees);
        }
    }
}
