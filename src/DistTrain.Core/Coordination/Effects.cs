using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// Something a machine wants done. Machines decide; hosts perform effects in the order given.
/// </summary>
public abstract record Effect;

/// <summary>Deliver a message to another actor.</summary>
public sealed record Send(ActorId To, IMessage Message) : Effect;

// The coordinator's -----------------------------------------------------------------------------------------

/// <summary>A subtree's gradient and where it lies.</summary>
public readonly record struct GradientSource(ShardRange Node, ActorId Worker, int Buffer);

/// <summary>
/// Sum these disjoint subtrees along the canonical tree; report <see cref="GradientsReduced"/>.
/// Sources are ascending and hold every shard that has samples.
/// </summary>
public sealed record ReduceGradients(long Step, IReadOnlyList<GradientSource> Sources) : Effect;

/// <summary>
/// Apply the update that turns weights <paramref name="Step"/> into <paramref name="Step"/> + 1; report
/// <see cref="UpdateApplied"/>.
/// </summary>
/// <param name="LearningRate">η of this step.</param>
/// <param name="MeanScale">1 / samples of the step: turns the sum into a mean.</param>
/// <param name="ClipFactor">Factor of global-norm clipping; 1: none.</param>
/// <param name="AppliedSteps">Number of this update, from 1, skipped steps not counted.</param>
public sealed record ApplyUpdate(
    long Step, double LearningRate, double MeanScale, double ClipFactor, long AppliedSteps) : Effect;

/// <summary>
/// Save parameters, optimizer state and this progress; report <see cref="CheckpointFinished"/>.
/// </summary>
/// <param name="Progress">What belongs to the tensors as they are now.</param>
/// <param name="IsBest">True: these are the best weights so far, to be kept besides.</param>
public sealed record SaveCheckpoint(TrainingProgress Progress, bool IsBest) : Effect;

/// <summary>
/// Bring back the weights of the best epoch, of that epoch and no other; report <see cref="BestRestored"/>.
/// </summary>
public sealed record RestoreBest(int Epoch) : Effect;

public sealed record ReportStep(StepMetrics Metrics) : Effect;

public sealed record ReportEvaluating(int Epoch, DataSplit Split) : Effect;

public sealed record ReportEpoch(EpochMetrics Metrics) : Effect;

/// <summary>A validation between the ends of epochs.</summary>
public sealed record ReportValidation(ValidationPoint Point) : Effect;

public sealed record Notice(string Text) : Effect;

/// <summary>A leaving worker owes nothing any more and is off the roster.</summary>
public sealed record WorkerReleased(ActorId Worker) : Effect;

/// <summary>How fast each worker is, when there is something new to say.</summary>
public sealed record ReportWorkers(IReadOnlyList<WorkerPace> Paces) : Effect;

/// <summary>The run is over; nothing follows.</summary>
public sealed record Finish(RunOutcome Outcome) : Effect;

// The worker's ----------------------------------------------------------------------------------------------

/// <summary>
/// Make weights of this version available to the replica; report <see cref="WeightsAcquired"/>.
/// </summary>
public sealed record AcquireWeights(long Version) : Effect;

/// <summary>
/// Gradient of one shard into one of the worker's buffers; report <see cref="ShardComputed"/>.
/// </summary>
public sealed record ComputeShard(long Step, int Shard, int Buffer) : Effect
{
    /// <summary>As in <see cref="ComputeGradients.LossFactor"/>.</summary>
    public double LossFactor { get; init; } = 1;
}

/// <summary>Buffer <paramref name="Into"/> += buffer <paramref name="From"/>.</summary>
public sealed record AddGradients(int Into, int From) : Effect;

/// <summary>Evaluate one chunk; report <see cref="ChunkEvaluated"/>.</summary>
public sealed record EvaluateChunk(long Version, DataSplit Split, int Chunk) : Effect;

/// <summary>How a run ended.</summary>
/// <param name="Status">In the words of the result object.</param>
/// <param name="Reason">One line for people.</param>
/// <param name="Progress">Where it stood.</param>
/// <param name="Test">
/// On the final weights; null when there is no test set or the run did not get there.
/// </param>
/// <param name="Final">
/// Metrics of the weights kept: the best epoch's when they were restored; null before any.
/// </param>
public sealed record RunOutcome(
    RunStatus Status, string Reason, TrainingProgress Progress, EvaluationMetrics? Test, EpochMetrics? Final);
