using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination.Timing;

/// <summary>
/// Where the time of one step went, on the coordinator's clock. Computing, Reducing and Updating follow each
/// other without a gap; workers compute side by side within the first.
/// <code>
///   0 ── first order                 last subtree in ──┐        norm known ──┐      version t+1 ──┐
///   │◄──────────────────── Computing ─────────────────►│◄──── Reducing ─────►│◄──── Updating ────►│
///   worker │◄─ Compute + Exchange ─►│◄──── Waiting ────────────────────────────────────────────►│
/// </code>
/// </summary>
/// <param name="Computing">From the first order to the last subtree.</param>
/// <param name="Reducing">Sum along the tree, and its norm.</param>
/// <param name="Updating">The optimizer's update; zero in a skipped step.</param>
/// <param name="Workers">
/// Those who delivered shards of it, in the order of their first ones. Work that came to nothing, because its
/// worker was lost or another had delivered the same before, is in nobody's times.
/// </param>
public sealed record StepTimes(
    TimeSpan Computing, TimeSpan Reducing, TimeSpan Updating, IReadOnlyList<WorkerTimes> Workers)
{
    /// <summary>
    /// When it began, from a moment that all steps of one attempt at a run share: where one ends, the next
    /// may begin.
    /// </summary>
    public TimeSpan Begin { get; init; }

    /// <summary>All of it.</summary>
    public TimeSpan Elapsed => Computing + Reducing + Updating;
}

/// <summary>
/// One worker's part in a step. Ordered, Compute, Exchange and Waiting add up to the step, and none of them
/// is negative whatever the worker's clock says.
/// </summary>
/// <param name="Worker">Its name.</param>
/// <param name="Ordered">From the step's begin to its first order.</param>
/// <param name="Answered">From the step's begin to its last subtree.</param>
/// <param name="Compute">Gather, forward and backward of its shards and their sums, on its own clock.</param>
/// <param name="Exchange">
/// Answered − Ordered − Compute: weights, orders and gradients under way, and messages waiting in mailboxes.
/// </param>
/// <param name="Waiting">From its answer to the end of the step: for the others, sum and update.</param>
/// <param name="Shards">Each of its shards, by their start; empty where the worker did not say.</param>
public sealed record WorkerTimes(
    string Worker, TimeSpan Ordered, TimeSpan Answered, TimeSpan Compute, TimeSpan Exchange, TimeSpan Waiting,
    IReadOnlyList<ShardTimes> Shards);

/// <param name="Shard">Its index in the step.</param>
/// <param name="Start">
/// From the step's begin; the worker's own clock, moved so that as much of its exchange lies before its work
/// as after it, and cut where the worker is said to have answered.
/// </param>
/// <param name="Duration">Gather, forward, backward.</param>
public readonly record struct ShardTimes(int Shard, TimeSpan Start, TimeSpan Duration);
