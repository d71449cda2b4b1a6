namespace DistTrain.Study.Sweeps;

/// <summary>
/// Losses of single batches are noisy; a slope read off them would be noise. The running form is an
/// exponential moving average with bias correction, which is all that can be known while a sweep goes on. It
/// lags behind by its memory, which on an axis of rates is an error towards higher rates; so what is read off
/// a finished sweep rests on the centred form, such an average taken forwards and one taken backwards in one,
/// whose lags cancel.
/// </summary>
public sealed class LossSmoothing
{
    private readonly double _beta;
    private double _average;
    private double _weight;

    /// <param name="beta">Weight of what was, in [0, 1).</param>
    public LossSmoothing(double beta)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(beta);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beta, 1);
        _beta = beta;
    }

    /// <summary>
    /// The β that remembers a twentieth of a sweep: 0.8 for 100 steps, 0.98 for 1,000. A fixed 0.98 would
    /// blur half of a sweep of 100 steps.
    /// </summary>
    public static double BetaFor(int steps) => 1 - 1 / Math.Max(2, steps / 20.0);

    /// <summary>The average with one more loss.</summary>
    public double Add(double loss)
    {
        _average = _beta * _average + (1 - _beta) * loss;
        _weight = _beta * _weight + (1 - _beta);
        return _average / _weight;
    }

    /// <summary>
    /// The centred form of a whole curve: weights β^|distance|, so that a point counts for little at the
    /// ends too.
    /// </summary>
    public static double[] Centred(IReadOnlyList<double> losses, double beta)
    {
        ArgumentNullException.ThrowIfNull(losses);
        double[] sums = new double[losses.Count], weights = new double[losses.Count];
        double forwardSum = 0, forwardWeight = 0, backwardSum = 0, backwardWeight = 0;
        for (int i = 0; i < losses.Count; i++)
        {
            // The point itself counts once: on the way forwards.
            forwardSum = beta * forwardSum + losses[i];
            forwardWeight = beta * forwardWeight + 1;
            sums[i] += forwardSum;
            weights[i] += forwardWeight;
            int mirrored = losses.Count - 1 - i;
            sums[mirrored] += backwardSum;
            weights[mirrored] += backwardWeight;
            backwardSum = beta * (backwardSum + losses[mirrored]);
            backwardWeight = beta * (backwardWeight + 1);
        }

        return [.. sums.Zip(weights, (sum, weight) => sum / weight)];
    }
}
