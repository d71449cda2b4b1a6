using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Schedules;
using DistTrain.Core.Stopping;

namespace DistTrain.Core.Coordination;

/// <summary>
/// Everything besides tensors that the next step depends on. A checkpoint is this record plus parameters and
/// optimizer state; resuming from it leads to the very bits of a run that was never interrupted.
/// </summary>
public sealed record TrainingProgress
{
    /// <summary>Version of the weights: steps taken, skipped ones included.</summary>
    public long Step { get; init; }

    /// <summary>Updates applied, skipped steps not counted: Adam's t.</summary>
    public long AppliedSteps { get; init; }

    /// <summary>
    /// Non-finite steps in a row, up to now. Overflows of a scaled loss neither count nor interrupt them.
    /// </summary>
    public int ConsecutiveSkips { get; init; }

    /// <summary>Non-finite steps in all.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Epochs whose end (evaluation and decisions included) is behind us.</summary>
    public int CompletedEpochs { get; init; }

    /// <summary>Running sums of the epoch in progress.</summary>
    public double EpochLossSum { get; init; }
    public long EpochCorrect { get; init; }
    public long EpochSamples { get; init; }

    public PlateauState Plateau { get; init; } = new();
    public EarlyStoppingState EarlyStopping { get; init; } = new();

    /// <summary>Running estimates of the gradient noise scale.</summary>
    public NoiseScaleState NoiseScale { get; init; } = new();

    /// <summary>Dynamic loss scaling; null before the first step, and in jobs that scale nothing.</summary>
    public LossScaleState? LossScale { get; init; }

    /// <summary>
    /// AdaScale's τ: steps of the reference batch that the steps taken were worth (Johnson et al. 2020);
    /// equal to <see cref="AppliedSteps"/> under every other rule.
    /// </summary>
    public double ScaleInvariantSteps { get; init; }

    /// <summary>The first step at which the job's target was seen to be reached; null: not yet.</summary>
    public TargetReached? Target { get; init; }

    /// <summary>Validations between the ends of epochs, ascending by step.</summary>
    public IReadOnlyList<ValidationPoint> Validations { get; init; } = [];

    /// <summary>η of the last step; 0 before the first.</summary>
    public double LearningRate { get; init; }

    /// <summary>
    /// The last epoch of the history where training ended in the middle of it; null: it was whole.
    /// </summary>
    public CutEpoch? CutEpoch { get; init; }

    /// <summary>True once early stopping has ended training.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Metrics of every completed epoch.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>Version of the weights at the end of the last closed epoch; 0 before the first.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long LastEpochEnd => History is [.., { } last] ? last.Step : 0;

    /// <summary>One step further.</summary>
    /// <param name="lossSum">Sum of the samples' losses.</param>
    /// <param name="correct">Samples classified rightly.</param>
    /// <param name="samples">Samples of the step.</param>
    /// <param name="skipped">The update was left out.</param>
    /// <param name="overflowed">
    /// It was, but for the scale of the loss: no sign yet that training diverges.
    /// </param>
    /// <param name="rate">η of the step, and the steps of the reference batch it is worth.</param>
    internal TrainingProgress AfterStep(
        double lossSum, long correct, long samples, bool skipped, bool overflowed, StepRate rate)
        => this with
        {
            LearningRate = rate.LearningRate,
            ScaleInvariantSteps = ScaleInvariantSteps + (skipped ? 0 : rate.Gain),
            Step = Step + 1,
            AppliedSteps = AppliedSteps + (skipped ? 0 : 1),
            ConsecutiveSkips = overflowed ? ConsecutiveSkips : skipped ? ConsecutiveSkips + 1 : 0,
            SkippedSteps = SkippedSteps + (skipped ? 1 : 0),
            EpochLossSum = EpochLossSum + lossSum,
            EpochCorrect = EpochCorrect + correct,
            EpochSamples = EpochSamples + samples,
        };
}

/// <summary>
/// What an epoch was before it was closed ahead of its end: enough to go on with it as if it had not been.
/// </summary>
/// <param name="LossSum">Sum of its samples' losses.</param>
/// <param name="Correct">Samples classified rightly.</param>
/// <param name="Samples">Samples seen.</param>
/// <param name="Plateau">Before it was judged.</param>
/// <param name="EarlyStopping">As well.</param>
public sealed record CutEpoch(
    double LossSum, long Correct, long Samples, PlateauState Plateau, EarlyStoppingState EarlyStopping)
{
    internal static CutEpoch Of(TrainingProgress progress) => new(
        progress.EpochLossSum, progress.EpochCorrect, progress.EpochSamples, progress.Plateau,
        progress.EarlyStopping);

    /// <summary>The progress with its last epoch open again.</summary>
    internal TrainingProgress Reopen(TrainingProgress closed) => closed with
    {
        CompletedEpochs = closed.CompletedEpochs - 1,
        EpochLossSum = LossSum,
        EpochCorrect = Correct,
        EpochSamples = Samples,
        Plateau = Plateau,
        EarlyStopping = EarlyStopping,
        History = [.. closed.History.SkipLast(1)],
        CutEpoch = null,
    };
}
