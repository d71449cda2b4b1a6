using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>A node that is no member any more and has not come back.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Job">The job it worked on; null: it was idle.</param>
/// <param name="Reason">Why it is gone; null: it was asked to go or wanted to, and owed nothing.</param>
/// <param name="At">When, by the machine's clock.</param>
public sealed record Departed(NodeId Node, JobId? Job, string? Reason, TimeSpan At);

/// <summary>
/// The departures of late, oldest first, for people: nothing is decided by them. A name that comes back is
/// taken off, for it is a member again; the oldest is forgotten where there are too many.
/// </summary>
internal sealed class DepartedList
{
    /// <summary>As many as a person would look at.</summary>
    public const int Most = 16;

    private readonly List<Departed> _list = [];

    public IReadOnlyList<Departed> InOrder => _list;

    public void Add(Departed gone)
    {
        Forget(gone.Node);
        _list.Add(gone);
        if (_list.Count > Most)
        {
            _list.RemoveAt(0);
        }
    }

    public void Forget(NodeId node) => _list.RemoveAll(gone => gone.Node == node);
}
