using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The subtrees of one step that are in. Nodes of one tree are nested or disjoint, so after a reassignment a
/// larger node may arrive over smaller ones, or a late smaller one under a larger: the larger stands, and the
/// bits are the same either way.
/// </summary>
internal sealed class GradientCollector(ReductionTree tree)
{
    private readonly List<GradientSource> _sources = [];

    /// <summary>Ascending by shard.</summary>
    public IReadOnlyList<GradientSource> Sources => _sources;

    /// <summary>False when it is no node of the tree, or already covered.</summary>
    public bool Add(GradientSource source)
    {
        if (!tree.IsNode(source.Node) || _sources.Exists(held => Covers(held.Node, source.Node)))
        {
            return false;
        }
        _sources.RemoveAll(held => Covers(source.Node, held.Node));
        int place = _sources.FindIndex(held => held.Node.Start > source.Node.Start);
        _sources.Insert(place < 0 ? _sources.Count : place, source);
        return true;
    }

    private static bool Covers(ShardRange outer, ShardRange inner)
        => outer.Start <= inner.Start && inner.End <= outer.End;
}
