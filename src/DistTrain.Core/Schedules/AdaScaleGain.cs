using DistTrain.Core.Coordination;

namespace DistTrain.Core.Schedules;

/// <summary>
/// How many steps of the reference batch a step of a larger batch is worth (Johnson, Agrawal, Gu and Guestrin
/// 2020, "AdaScale SGD", algorithm 1): the ratio of the gradients' expected squares,
/// <code>
/// r = (tr Σ/B_ref + |G|²) / (tr Σ/B + |G|²)          1 ≤ r ≤ B/B_ref
/// </code>
/// near B/B_ref while noise outweighs the gradient, near 1 once it does not. Both parts are averages over
/// steps, as in the paper; their missing start-up correction is one factor in both and cancels.
/// </summary>
public static class AdaScaleGain
{
    /// <summary>
    /// r. Averages of unbiased estimates may fall below zero and count as zero there, which keeps r in its
    /// bounds; without an estimate, or with nothing in either part, r is 1.
    /// </summary>
    /// <param name="noise">What the steps so far have shown.</param>
    /// <param name="referenceBatch">B_ref.</param>
    /// <param name="globalBatch">B, at least B_ref.</param>
    public static double Of(NoiseScaleState noise, int referenceBatch, int globalBatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(referenceBatch);
        ArgumentOutOfRangeException.ThrowIfLessThan(globalBatch, referenceBatch);
        double trace = Math.Max(noise.TraceAverage, 0), square = Math.Max(noise.SquareAverage, 0);
        if (noise.Steps == 0 || trace + square == 0)
            return 1;
        // Rounding must not carry the quotient over its bounds.
        double gain = (trace / referenceBatch + square) / (trace / globalBatch + square);
        return Math.Clamp(gain, 1, (double)globalBatch / referenceBatch);
    }
}
