using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;

namespace DistTrain.Core.Cluster;

// What a worker node and the coordinator tell each other about the node as a whole. All of it may be lost,
// doubled or late: whoever waits for an answer asks again, and whoever is asked twice answers twice.

// Either way -----------------------------------------------------------------------------------------------

/// <summary>A sign of life.</summary>
public sealed record Heartbeat(long Sequence) : IMessage;

/// <summary>A message within a run, between the coordinator's machine and a worker's.</summary>
public sealed record RunMessage(RunId Run, IMessage Message) : IMessage;

// Worker node to coordinator --------------------------------------------------------------------------------

/// <summary>The first message of a link.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Incarnation">
/// Drawn when the process starts. The same name with another incarnation is another process: the newcomer is
/// refused while the older one is alive.
/// </param>
/// <param name="Description">What it has to offer.</param>
public sealed record RegisterNode(NodeId Node, long Incarnation, NodeDescription Description) : IMessage;

/// <summary>Data and replica are ready; orders of this run can come.</summary>
public sealed record RunPrepared(RunId Run) : IMessage;

/// <summary>This node cannot take part, e.g. because its copy of the data differs.</summary>
public sealed record RunRefused(RunId Run, string Reason) : IMessage;

/// <summary>The node's part in the run has ended (its worker actor is gone).</summary>
public sealed record RunReleased(RunId Run) : IMessage;

/// <summary>The node wants to go: it finishes its step first.</summary>
public sealed record LeaveRequest : IMessage;

/// <summary>A line for people about this node: data being fetched, a copy that differs.</summary>
public sealed record NodeNotice(string Text) : IMessage;

// Coordinator to worker node --------------------------------------------------------------------------------

/// <summary>The node belongs to the cluster.</summary>
/// <param name="Cluster">Drawn once for a state directory.</param>
/// <param name="Epoch">
/// Counts the starts of its coordinator: one with a lower number than was seen before is a left-over and is
/// not obeyed.
/// </param>
/// <param name="Detector">Timing of heartbeats, the same on both ends.</param>
public sealed record NodeAccepted(string Cluster, long Epoch, FailureDetectorOptions Detector) : IMessage;

/// <summary>The node is not wanted; it says why and ends (or, when asked to, tries again later).</summary>
public sealed record NodeRefused(string Reason, bool TryAgain) : IMessage;

/// <summary>Get ready for a run: load the data, build the replica, then <see cref="RunPrepared"/>.</summary>
/// <param name="Run">Which.</param>
/// <param name="JobJson">The effective job.</param>
/// <param name="Inputs">The files it needs, by content.</param>
public sealed record PrepareRun(RunId Run, string JobJson, RunInputs Inputs) : IMessage;

/// <summary>The node's part in this run is over; <see cref="RunReleased"/> answers.</summary>
public sealed record ReleaseRun(RunId Run) : IMessage;

/// <summary>The node owes nothing any more and may go.</summary>
public sealed record LeaveReply : IMessage;

/// <summary>What a run reads besides its job, by content.</summary>
/// <param name="DatasetHash">
/// SHA-256 of the decoded data (<c>IDataset.ContentHash</c>): a node whose own copy has another is not used.
/// </param>
/// <param name="DatasetFiles">For nodes without a copy; empty when the set is drawn and not read.</param>
/// <param name="ModelFile">TorchScript file or assembly; null: the model is built from the job.</param>
public sealed record RunInputs(
    string DatasetHash, IReadOnlyList<InputFile> DatasetFiles, InputFile? ModelFile);

/// <param name="Name">File name without a folder.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Of the file's bytes, lower-case hex.</param>
public sealed record InputFile(string Name, long Bytes, string Sha256);

// The data plane's announcements ----------------------------------------------------------------------------

/// <summary>
/// Announces weights of a version: a payload of the whole flat buffer follows, and the message counts as
/// received when all of it is in place.
/// </summary>
public sealed record WeightsSent(RunId Run, long Version) : IMessage;

/// <summary>Asks for a piece of an input file.</summary>
public sealed record FilePieceRequest(string Sha256, long Offset, int Bytes) : IMessage;

/// <summary>Announces that piece: its bytes are the payload. No payload: there is no such file.</summary>
public sealed record FilePiece(string Sha256, long Offset) : IMessage;
