using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Optimizers;

namespace DistTrain.Core.Coordination;

/// <summary>
/// What is remembered of the gradient noise (McCandlish et al. 2018, appendix A). The parts are averaged,
/// never the ratio: each part is unbiased, the ratio is not. It follows from the job and the step alone,
/// never from who computed a shard, and goes into checkpoints: a resumed run goes on with the same bits.
/// </summary>
public sealed record NoiseScaleState
{
    /// <summary>
    /// What the averages keep of their past per step: they look back over about 1/(1 − 0.99) = 100 steps.
    /// Over fewer, a mean |G|² near zero would change its sign now and then; over more, they would lag behind
    /// a scale that grows as training goes on.
    /// </summary>
    public const double Decay = 0.99;

    /// <summary>Steps that gave an estimate: at least two shards with samples, a finite gradient.</summary>
    public long Steps { get; init; }

    /// <summary>Exponential moving averages of tr Σ and |G|², not yet corrected for their start.</summary>
    public double TraceAverage { get; init; }
    public double SquareAverage { get; init; }

    /// <summary>The same average of the number one: what is missing to 1 is still the start's.</summary>
    public double AverageWeight { get; init; }

    /// <summary>
    /// Sums of tr Σ and |G|² over the run, each estimate times the steps it stands for: their ratio is the
    /// run's noise scale.
    /// </summary>
    public double TraceSum { get; init; }
    public double SquareSum { get; init; }

    /// <summary>One estimate more.</summary>
    /// <param name="noise">The step's.</param>
    /// <param name="stride">Steps it stands for: it weighs as much as if each of them had given it.</param>
    public NoiseScaleState After(GradientNoise noise, int stride)
    {
        double kept = IntegerPower.Of(Decay, stride);
        return new NoiseScaleState
        {
            Steps = Steps + 1,
            TraceAverage = kept * TraceAverage + (1 - kept) * noise.Trace,
            SquareAverage = kept * SquareAverage + (1 - kept) * noise.Square,
            AverageWeight = kept * AverageWeight + (1 - kept),
            TraceSum = TraceSum + stride * noise.Trace,
            SquareSum = SquareSum + stride * noise.Square,
        };
    }

    /// <summary>
    /// Both averages without the zeros they started from; null before the first estimate.
    /// </summary>
    public GradientNoise? Smoothed()
        => Steps == 0 ? null : new GradientNoise(TraceAverage / AverageWeight, SquareAverage / AverageWeight);

    /// <summary>
    /// Ratio of the averages, in samples: the critical batch of the steps of late. The correction for their
    /// start would cancel out. Null while the averaged |G|² is not positive.
    /// </summary>
    public double? SmoothedScale() => Ratio(TraceAverage, SquareAverage);

    /// <summary>Ratio of the means over all steps, in samples; null while it says nothing.</summary>
    public double? RunScale() => Ratio(TraceSum, SquareSum);

    /// <summary>A trace below zero is chance too: a few steps without any noise to speak of.</summary>
    private static double? Ratio(double trace, double square)
        => square > 0 ? Math.Max(0, trace) / square : null;
}
