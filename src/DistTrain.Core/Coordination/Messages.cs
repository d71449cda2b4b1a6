using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

// Coordinator to worker -------------------------------------------------------------------------------------

/// <summary>
/// An order that needs weights of a version: whoever delivers it sees to it that the worker can have them.
/// </summary>
public interface IVersionedOrder : IMessage
{
    long Version { get; }
}

/// <summary>Compute the gradients of these shards on weights of version <paramref name="Step"/>.</summary>
public sealed record ComputeGradients(long Step, ShardRange Shards) : IVersionedOrder
{
    /// <summary>
    /// What each sample's loss is multiplied by and the gradient divided by again, a power of two; 1: nothing
    /// is scaled. The same for all shards of a step.
    /// </summary>
    public double LossFactor { get; init; } = 1;

    public long Version => Step;
}

/// <summary>Evaluate these chunks of a split on weights of version <paramref name="Version"/>.</summary>
public sealed record EvaluateChunks(long Version, DataSplit Split, ShardRange Chunks) : IVersionedOrder;

/// <summary>
/// The decision to end, told to everyone: all epochs done, early stopping, an interrupt or a failure.
/// </summary>
public sealed record TrainingEnded(RunStatus Status, string Reason) : IMessage;

// Worker to coordinator -------------------------------------------------------------------------------------

/// <summary>The summed gradient of a whole subtree is at the aggregator's disposal.</summary>
/// <param name="Worker">Who computed it.</param>
/// <param name="Step">The version it was computed on.</param>
/// <param name="Node">A node of the reduction tree.</param>
/// <param name="Buffer">The worker's buffer that holds it until the step commits.</param>
/// <param name="Shards">
/// Result of each shard of the node, in order; a shard without samples counts zero.
/// </param>
public sealed record SubtreeReady(
    ActorId Worker, long Step, ShardRange Node, int Buffer, IReadOnlyList<ShardResult> Shards) : IMessage
{
    /// <summary>
    /// What adding up its shards took, on the worker's clock; zero where nobody looked at one. Whoever
    /// performs the additions enters it. Nothing is decided by it but what is shown.
    /// </summary>
    public TimeSpan Summing { get; init; }
}

/// <summary>Results of evaluation chunks, in order.</summary>
public sealed record ChunksEvaluated(
    ActorId Worker, long Version, DataSplit Split, ShardRange Chunks, IReadOnlyList<ShardResult> Results)
    : IMessage;

/// <summary>The engine reported an error. It would do so on any worker, so the run fails.</summary>
public sealed record WorkFailed(ActorId Worker, string Error) : IMessage;

// Membership, told by the host ------------------------------------------------------------------------------

/// <param name="Speed">
/// Relative speed, for dividing the shards; 1 is as good as any when all are alike.
/// </param>
public sealed record WorkerJoined(ActorId Worker, double Speed) : IMessage;

public sealed record WorkerLost(ActorId Worker, string Reason) : IMessage;

/// <summary>
/// The worker is to go: it gets no new orders, delivers what it owes of the work in hand, and is released
/// (<see cref="WorkerReleased"/>); nothing of its work is computed twice.
/// </summary>
public sealed record WorkerLeaving(ActorId Worker) : IMessage;

/// <summary>
/// Time has passed: orders that stayed unanswered for long are given again, for a network may lose them.
/// </summary>
public sealed record RunTick : IMessage;

// What the coordinator's own effects report back ------------------------------------------------------------

/// <param name="SumNorm">Euclidean norm of the summed gradient; not finite when any element is not.</param>
public sealed record GradientsReduced(long Step, double SumNorm) : IMessage;

public sealed record UpdateApplied(long Step) : IMessage;

/// <param name="Error">null: it is on disk.</param>
public sealed record CheckpointFinished(string? Error) : IMessage
{
    /// <summary>What it took; told to observers.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <param name="Error">null: the best weights are back.</param>
public sealed record BestRestored(string? Error) : IMessage;

/// <summary>Finish the step, save, and end as interrupted.</summary>
public sealed record StopRequested(string Reason) : IMessage;

// What the worker's own effects report back -----------------------------------------------------------------

public sealed record WeightsAcquired(long Version) : IMessage;

public sealed record ShardComputed(long Step, int Shard, ShardResult Result) : IMessage;

public sealed record ChunkEvaluated(long Version, DataSplit Split, int Chunk, ShardResult Result) : IMessage;
