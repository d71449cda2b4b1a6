namespace DistTrain.Core.Coordination;

/// <summary>
/// What is remembered of the gradient noise (McCandlish et al. 2018, appendix A). The parts are averaged,
/// never the ratio: each part is unbiased, the ratio is not.
/// </summary>
public sealed record NoiseScaleState
{
    /// <summary>Steps that gave an estimate: at least two shards with samples, a finite gradient.</summary>
    public long Steps { get; init; }

    /// <summary>Exponential moving averages of tr Σ and |G|², not yet corrected for their start.</summary>
    public double TraceAverage { get; init; }
    public double SquareAverage { get; init; }

    /// <summary>Sums of tr Σ and |G|² over all steps: their ratio is the run's noise scale.</summary>
    public double TraceSum { get; init; }
    public double SquareSum { get; init; }
}
