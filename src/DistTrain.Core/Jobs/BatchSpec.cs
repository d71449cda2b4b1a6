namespace DistTrain.Core.Jobs;

/// <param name="Global">Samples of one step, over all workers.</param>
/// <param name="Shards">Parts a global batch is cut into, fixed by the job and not by the cluster.</param>
public sealed record BatchSpec(int Global, int Shards)
{
    /// <summary>How the global batch changes with the epochs.</summary>
    public BatchScheduleSpec Schedule { get; init; } = new();
}

/// <summary>
/// The global batch over time. Shards stay the unit: their number never changes, their size does.
/// </summary>
public sealed record BatchScheduleSpec
{
    public BatchScheduleKind Kind { get; init; }

    /// <summary>
    /// steps, grow: the epochs (0-based, ascending, counted from the start) at which the batch changes.
    /// </summary>
    public IReadOnlyList<int> Milestones { get; init; } = [];

    /// <summary>steps: the global batch from each milestone on; larger or smaller than before.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>
    /// grow: factor at each milestone, where a decay of the rate would divide (Smith et al. 2018).
    /// </summary>
    public double Factor { get; init; } = 2;

    /// <summary>grow: never above this; null: no bound but the training set.</summary>
    public int? Most { get; init; }

    /// <summary>
    /// Whether the scaling rule follows the batch of the hour, or keeps the first one's rate.
    /// </summary>
    public bool Rescale { get; init; }
}

public enum BatchScheduleKind { Constant, Steps, Grow }

/// <summary>The value that a run is to reach: at least it for accuracies, at most it for losses.</summary>
/// <param name="Metric">validation-accuracy or validation-loss.</param>
/// <param name="Value">e.g. 0.99.</param>
/// <param name="Stop">End training there; false: note the step and go on.</param>
public sealed record TargetSpec(StoppingMetric Metric, double Value, bool Stop);
