using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

// What the ClusterMachine is told by its host; messages of nodes come wrapped in FromNode.

/// <summary>A message of NodeMessages.cs that came over a link.</summary>
public sealed record FromNode(SessionId Session, IMessage Message) : IMessage;

/// <summary>A link ended: closed by the peer, broken, or closed by us.</summary>
public sealed record SessionClosed(SessionId Session, string Reason) : IMessage;

/// <summary>
/// Whoever watches over the nodes besides cannot reach this one. It is suspected until it is heard again; its
/// own silence, or the end of its session, decides the rest.
/// </summary>
public sealed record NodeSuspected(NodeId Node, string Reason) : IMessage;

/// <summary>Time has passed. Told about four times in a heartbeat's period.</summary>
public sealed record Tick : IMessage;

// Commands; each is answered by exactly one Reply with its request ------------------------------------------

/// <summary>
/// A job whose effective job and run directory are on disk joins the queue; <see cref="JobRecord.Order"/>,
/// state and attempt of the record are the machine's to set.
/// </summary>
public sealed record SubmitJob(RequestId Request, JobRecord Job) : IMessage;

public sealed record PauseJob(RequestId Request, JobId Job) : IMessage;

public sealed record ResumeJob(RequestId Request, JobId Job) : IMessage;

public sealed record StopJob(RequestId Request, JobId Job) : IMessage;

/// <param name="Workers">The new maximum; the minimum is lowered to it where it is higher.</param>
public sealed record ScaleJob(RequestId Request, JobId Job, int Workers) : IMessage;

/// <summary>The node finishes its step and leaves; nothing is computed twice.</summary>
public sealed record DrainNode(RequestId Request, NodeId Node) : IMessage;

/// <summary>
/// The coordinator is asked to go: running jobs save and stay queued, to be resumed by its successor;
/// <see cref="ShutdownReady"/> follows.
/// </summary>
public sealed record ShutdownRequested : IMessage;

// What its effects report back ------------------------------------------------------------------------------

/// <summary>The run has its data, its state and its coordinator machine; workers can be prepared.</summary>
public sealed record RunOpened(RunId Run, string JobJson, RunInputs Inputs) : IMessage;

/// <summary>It could not be opened; the job fails.</summary>
public sealed record RunNotOpened(RunId Run, string Error) : IMessage;

/// <summary>Its coordinator machine has finished, and everything it leaves behind is on disk.</summary>
public sealed record RunEnded(RunId Run, RunStatus Status, string Reason) : IMessage;

/// <summary>The run needs this worker no more (it was leaving and owes nothing).</summary>
public sealed record RunReleasedWorker(RunId Run, NodeId Node) : IMessage;
