using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

/// <summary>An attempt at a job that was asked to open and has not ended.</summary>
internal sealed class ActiveRun(RunId id)
{
    private readonly Dictionary<(NodeId Node, long Incarnation), string> _refusals = [];

    public RunId Id { get; } = id;

    /// <summary>null: it is still being opened.</summary>
    public RunOpened? Opened { get; set; }

    /// <summary>Why it is to end; null: it is to go on.</summary>
    public string? StopReason { get; set; }

    /// <summary>Speeds its present workers count with.</summary>
    public Dictionary<NodeId, double> Speeds { get; } = [];

    /// <summary>A process that said no is not asked again; its successor of the same name is.</summary>
    public void NoteRefusal(MemberEntry entry, string reason)
        => _refusals[(entry.Node, entry.Incarnation)] = reason;

    public bool WasRefusedBy(MemberEntry entry) => _refusals.ContainsKey((entry.Node, entry.Incarnation));
}

/// <summary>The runs under way, at most one a job, in the order they were opened.</summary>
internal sealed class OpenRuns
{
    private readonly List<ActiveRun> _runs = [];

    public IReadOnlyList<ActiveRun> InOrder => _runs;

    public ActiveRun? Find(JobId job) => _runs.Find(run => run.Id.Job == job);

    /// <summary>null for any attempt but the present one.</summary>
    public ActiveRun? Find(RunId id) => _runs.Find(run => run.Id == id);

    /// <exception cref="InvalidOperationException">The job has a run.</exception>
    public ActiveRun Open(RunId id)
    {
        if (Find(id.Job) is { } other)
        {
            throw new InvalidOperationException($"{id} cannot be opened beside {other.Id}.");
        }
        ActiveRun run = new(id);
        _runs.Add(run);
        return run;
    }

    public void Close(ActiveRun run) => _runs.Remove(run);
}
