using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Cluster;

// The ClusterMachine's effects ------------------------------------------------------------------------------

/// <summary>Send a message of NodeMessages.cs over a link; nothing happens when it is closed.</summary>
public sealed record SendToNode(SessionId Session, IMessage Message) : Effect;

/// <summary>Close a link; <see cref="SessionClosed"/> may or may not follow.</summary>
public sealed record CloseSession(SessionId Session, string Reason) : Effect;

/// <summary>
/// Write a job's record. It must be on disk before a later effect of the same list is performed; a host that
/// cannot write it stops the coordinator, for it could not keep its word after a crash.
/// </summary>
public sealed record PersistJob(JobRecord Job) : Effect;

/// <summary>
/// Open a run of a job: from its last checkpoint, or afresh where it has none. Its coordinator machine waits
/// for its first worker. <see cref="RunOpened"/> or <see cref="RunNotOpened"/> answers.
/// </summary>
public sealed record OpenRun(RunId Run) : Effect;

/// <summary>
/// Tell the run's coordinator machine: WorkerJoined, WorkerLeaving, WorkerLost, StopRequested.
/// </summary>
public sealed record TellRun(RunId Run, IMessage Message) : Effect;

public sealed record Reply(RequestId Request, CommandResult Result) : Effect;

/// <summary>A line for the log of the cluster; of a job as well where one is named.</summary>
public sealed record ClusterNotice(string Text, JobId? Job = null) : Effect;

/// <summary>Every run is saved and every record written: the process can end.</summary>
public sealed record ShutdownReady : Effect;

/// <summary>The answer to a command.</summary>
public enum CommandStatus { Done, NotFound, Conflict }

/// <param name="Text">One line for people; for a conflict, why and what would be possible.</param>
public sealed record CommandResult(CommandStatus Status, string Text);

// The NodeMachine's effects ---------------------------------------------------------------------------------

/// <summary>
/// Open a link to the coordinator; <see cref="LinkOpened"/> or <see cref="LinkFailed"/> answers.
/// </summary>
public sealed record OpenLink : Effect;

/// <summary>Send over the present link; nothing happens when there is none.</summary>
public sealed record SendToCoordinator(IMessage Message) : Effect;

public sealed record CloseLink(string Reason) : Effect;

/// <summary>
/// Fetch what is missing, load the data, start the worker actor; <see cref="RunPreparationEnded"/> answers.
/// </summary>
public sealed record StartWorker(PrepareRun Order) : Effect;

/// <summary>
/// Stop the worker actor of this run (or its preparation); <see cref="WorkerStopped"/> answers once its
/// thread is gone.
/// </summary>
public sealed record StopWorker(RunId Run) : Effect;

/// <summary>
/// The process ends: with 0 after leaving, with 1 when its device failed, with 2 when it was refused for
/// good.
/// </summary>
public sealed record EndNode(int ExitCode, string Reason) : Effect;

// What the NodeMachine is told by its host ------------------------------------------------------------------

public sealed record LinkOpened : IMessage;

/// <param name="Permanent">True: trying again cannot help (wrong token, other protocol version).</param>
public sealed record LinkFailed(string Reason, bool Permanent) : IMessage;

/// <summary>The link was there and is gone.</summary>
public sealed record LinkLost(string Reason) : IMessage;

/// <param name="Error">null: the worker actor runs.</param>
public sealed record RunPreparationEnded(RunId Run, string? Error) : IMessage;

public sealed record WorkerStopped(RunId Run) : IMessage;

/// <summary>What the node computes on answers no more, and will not in this process.</summary>
public sealed record DeviceFailed(string Reason) : IMessage;

/// <summary>SIGTERM or Ctrl-C at the node: finish the step, then go.</summary>
public sealed record LeaveWanted : IMessage;
