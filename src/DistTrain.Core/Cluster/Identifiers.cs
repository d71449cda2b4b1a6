namespace DistTrain.Core.Cluster;

/// <summary>The name of a job in its queue: the name of its run directory, e.g. "mnist-mlp-3".</summary>
public readonly record struct JobId(string Name)
{
    public override string ToString() => Name;
}

/// <summary>
/// One attempt at a job, from 1. The attempt is on disk before anything is told about it, so no two
/// coordinators, the second one restarted or not, ever speak of the same run; what belongs to an earlier
/// attempt is dropped wherever it arrives.
/// </summary>
public readonly record struct RunId(JobId Job, long Attempt)
{
    public override string ToString() => $"{Job}#{Attempt}";
}

/// <summary>
/// One link between a worker node and the coordinator, numbered by whoever hosts the link. What arrives
/// over an older link of the same node is dropped.
/// </summary>
public readonly record struct SessionId(long Number)
{
    public override string ToString() => $"session {Number}";
}

/// <summary>Ties a reply to the command it answers.</summary>
public readonly record struct RequestId(long Number);
