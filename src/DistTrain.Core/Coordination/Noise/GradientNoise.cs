namespace DistTrain.Core.Coordination.Noise;

/// <summary>
/// The gradient noise of one step, from norms that are at hand anyway (McCandlish et al. 2018, "An Empirical
/// Model of Large-Batch Training", appendix A.1, carried over to shards of unequal size).
/// <para>
/// Shard i holds n_i samples with the summed gradient S_i; k shards hold any, B = Σ n_i, Q = Σ |S_i|²/n_i and
/// Ĝ = Σ S_i/B. With a per-sample gradient of mean G and covariance Σ:
/// E|S_i|² = n_i²|G|² + n_i tr Σ, hence E Q = B|G|² + k tr Σ; and E|Ĝ|² = |G|² + tr Σ/B.
/// So E(Q − B|Ĝ|²) = (k − 1) tr Σ and E(|Ĝ|² − tr Σ/B) = |G|²: both are unbiased, whatever the n_i are. For
/// equal shards this is the paper's formula.
/// </para>
/// <para>
/// Σ is that of samples drawn independently. An epoch draws without replacement, which lowers the variance of
/// a batch by B/m of itself at most; like the paper we leave that out.
/// </para>
/// </summary>
/// <param name="Trace">tr Σ: the variance of one sample's gradient, summed over the parameters.</param>
/// <param name="Square">|G|²; a single step may show a negative one.</param>
public readonly record struct GradientNoise(double Trace, double Square)
{
    /// <summary>The estimate of one step.</summary>
    /// <param name="squaresPerSample">Q, added in the order of the shards.</param>
    /// <param name="shards">k, shards that hold samples.</param>
    /// <param name="sumNorm">|Σ S_i|, the norm of the reduced sum.</param>
    /// <param name="samples">B.</param>
    /// <returns>Null with fewer than two shards, or where a norm is not finite.</returns>
    public static GradientNoise? Of(double squaresPerSample, int shards, double sumNorm, long samples)
    {
        if (shards < 2 || !double.IsFinite(squaresPerSample) || !double.IsFinite(sumNorm))
        {
            return null;
        }
        double norm = sumNorm / samples;
        double square = norm * norm;
        double trace = (squaresPerSample - samples * square) / (shards - 1);
        return new GradientNoise(trace, square - trace / samples);
    }
}
