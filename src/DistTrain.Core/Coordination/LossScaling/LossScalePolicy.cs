using DistTrain.Core.Jobs;

namespace DistTrain.Core.Coordination.LossScaling;

/// <summary>
/// Dynamic loss scaling (Micikevicius et al. 2018, section 3.2) by the rules of PyTorch's GradScaler: an
/// overflow lowers the scale and its step is skipped; so many steps without one raise it. All factors are
/// powers of two. The gradient noise, norms and updates never see a scale: whoever computes a gradient
/// multiplies the loss by it and divides the gradient again.
/// </summary>
internal static class LossScalePolicy
{
    /// <summary>
    /// The least scale: with it a gradient that is not finite is no overflow that a smaller one would avoid.
    /// </summary>
    public const double Least = 1;

    /// <summary>Far beyond any use; growing for ever, a scale would become infinite itself.</summary>
    public const double Most = 1L << 40;

    /// <summary>Where it stands before the next step; null: the job scales nothing.</summary>
    public static LossScaleState? Of(JobSpec job, TrainingProgress progress)
        => job.Precision != Precision.Fp16
            ? null
            : progress.LossScale ?? new LossScaleState(job.LossScaling.Initial, 0);

    /// <summary>
    /// What each sample's loss is multiplied by; 1 without scaling. Gradients here are those of a sum of
    /// losses, and the scale is spoken of as that of their mean: between them lie the samples of a step, as a
    /// power of two.
    /// </summary>
    public static double FactorOf(JobSpec job, TrainingProgress progress)
        => Of(job, progress) is { } state
            ? state.Scale / PowersOfTwo.AtLeast(Math.Max(1, job.Batch.Global))
            : 1;

    /// <summary>
    /// Whether a step that is not finite may have overflowed for its scale alone, so that the next try, with
    /// a smaller one, may succeed. A loss is not scaled: one that is not finite has other reasons.
    /// </summary>
    public static bool IsOverflow(LossScaleState? state, double lossSum)
        => state is { Scale: > Least } && double.IsFinite(lossSum);

    /// <summary>Where it stands after a step.</summary>
    /// <param name="job">The effective job.</param>
    /// <param name="state">Before it.</param>
    /// <param name="skipped">Its gradient was not finite.</param>
    public static LossScaleState? After(JobSpec job, LossScaleState? state, bool skipped)
    {
        LossScalingSpec spec = job.LossScaling;
        if (state is null)
        {
            return null;
        }
        if (skipped)
        {
            return new LossScaleState(Math.Max(Least, state.Scale * spec.Backoff), 0);
        }
        return state.GoodSteps + 1 < spec.GrowthInterval
            ? state with { GoodSteps = state.GoodSteps + 1 }
            : new LossScaleState(Math.Min(Most, state.Scale * spec.Growth), 0);
    }
}
