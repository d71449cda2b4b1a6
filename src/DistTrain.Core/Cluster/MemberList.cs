using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>A member as the machine keeps it.</summary>
internal sealed class MemberEntry(RegisterNode registration, SessionId session)
{
    public NodeId Node => registration.Node;

    public long Incarnation => registration.Incarnation;

    public NodeDescription Description => registration.Description;

    public SessionId Session { get; } = session;

    public NodeLease? Lease { get; set; }

    public bool IsSuspected { get; set; }

    public bool IsLeaving { get; set; }

    /// <summary>By the machine's clock, for people.</summary>
    public TimeSpan LastHeard { get; set; }

    /// <summary>In waking time, for the failure detector.</summary>
    public TimeSpan HeardWaking { get; set; }

    /// <summary>Of LeaveReply.</summary>
    public Pace LeaveTold { get; } = new();

    /// <summary>Open runs it was released from over this session.</summary>
    public HashSet<RunId> Released { get; } = [];

    public bool CanBeGiven => Lease is null && !IsSuspected && !IsLeaving;

    public Member View => new(Node, Session, Description, Lease?.Run, IsSuspected, IsLeaving, LastHeard);
}

/// <summary>Who belongs to the cluster, in the order of joining; one session a node, one node a session.</summary>
internal sealed class MemberList
{
    private readonly List<MemberEntry> _entries = [];
    private readonly Dictionary<SessionId, MemberEntry> _bySession = [];
    private readonly Dictionary<NodeId, MemberEntry> _byNode = [];

    public IReadOnlyList<MemberEntry> InOrder => _entries;

    public MemberEntry? Find(NodeId node) => _byNode.GetValueOrDefault(node);

    public MemberEntry? Find(SessionId session) => _bySession.GetValueOrDefault(session);

    /// <summary>Everyone that a run has, or is to have, or is parting from.</summary>
    public IEnumerable<MemberEntry> Of(RunId run) => _entries.Where(entry => entry.Lease?.Run == run);

    /// <exception cref="ArgumentException">The name or the session is there already.</exception>
    public void Add(MemberEntry entry)
    {
        _byNode.Add(entry.Node, entry);
        _bySession.Add(entry.Session, entry);
        _entries.Add(entry);
    }

    public void Remove(MemberEntry entry)
    {
        _byNode.Remove(entry.Node);
        _bySession.Remove(entry.Session);
        _entries.Remove(entry);
    }
}
