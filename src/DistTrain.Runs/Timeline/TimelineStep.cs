using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Timeline;

/// <summary>One step as a run's timeline holds it.</summary>
/// <param name="Step">Version of the weights its gradients were computed on.</param>
/// <param name="Epoch">1-based.</param>
/// <param name="Begin">When it began, by the coordinator's calendar.</param>
/// <param name="Samples">In its global batch.</param>
/// <param name="Loss">Mean over the batch; may be not finite.</param>
/// <param name="Skipped">True: its update was left out.</param>
/// <param name="Times">Where its time went.</param>
public sealed record TimelineStep(
    long Step, int Epoch, DateTimeOffset Begin, int Samples, float Loss, bool Skipped, StepTimes Times)
{
    public DateTimeOffset End => Begin + Times.Elapsed;
}

/// <summary>What a coordinator does between steps.</summary>
public enum TimelinePhaseKind { Evaluation = 1, Checkpoint = 2 }

/// <summary>A stretch of time between steps.</summary>
/// <param name="Kind">What it was spent on.</param>
/// <param name="Step">Version of the weights it was about.</param>
/// <param name="Begin">By the coordinator's calendar.</param>
/// <param name="Duration">Not negative.</param>
public sealed record TimelinePhase(
    TimelinePhaseKind Kind, long Step, DateTimeOffset Begin, TimeSpan Duration);

/// <summary>Steps and what was done between them, in the order they were recorded.</summary>
/// <param name="Steps">Ascending within an attempt; an attempt that was resumed repeats some.</param>
/// <param name="Phases">Likewise.</param>
/// <param name="Stride">
/// 1: every step was kept. k: of the blocks of <see cref="TimelineFormat.BlockSteps"/> steps every k-th.
/// </param>
public sealed record TimelineRecord(
    IReadOnlyList<TimelineStep> Steps, IReadOnlyList<TimelinePhase> Phases, int Stride);
