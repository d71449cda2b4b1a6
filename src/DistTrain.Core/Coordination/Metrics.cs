using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Core.Coordination;

/// <summary>One step, committed or skipped.</summary>
/// <param name="Step">Version of the weights the gradients were computed on, from 0.</param>
/// <param name="Epoch">1-based.</param>
/// <param name="Loss">Mean over the global batch.</param>
/// <param name="Accuracy">Share of samples classified rightly; null for regression.</param>
/// <param name="LearningRate">Rate applied.</param>
/// <param name="Samples">Samples in the global batch.</param>
/// <param name="GradientNorm">Euclidean norm of the mean gradient before clipping.</param>
/// <param name="Skipped">True when the gradient was not finite and the update was left out.</param>
/// <param name="Elapsed">From the first shard's start to the commit.</param>
public sealed record StepMetrics(
    long Step, int Epoch, double Loss, double? Accuracy, double LearningRate, int Samples,
    double GradientNorm, bool Skipped, TimeSpan Elapsed)
{
    /// <summary>
    /// The gradient noise as it is known after this step; null until a step has given an estimate, as none
    /// does with fewer than two shards.
    /// </summary>
    public NoiseEstimate? Noise { get; init; }

    /// <summary>Shards that were given to another worker than the first who owed them.</summary>
    public int Reassigned { get; init; }

    /// <summary>Where its time went; null in a step read back from a file.</summary>
    public StepTimes? Times { get; init; }

    /// <summary>
    /// What the mean loss was multiplied by for its gradient, a power of two; null: nothing is scaled.
    /// </summary>
    public double? LossScale { get; init; }
}

/// <summary>The gradient noise as one step shows it, and smoothed (McCandlish et al. 2018).</summary>
/// <param name="Trace">
/// Unbiased estimate of tr Σ, the per-sample variance of the gradient, summed; null where the step gave none:
/// see <see cref="Noise.NoiseSampling"/>, and a skipped step or one with a single shard gives none either.
/// </param>
/// <param name="Square">Unbiased estimate of |G|², beside it; may be negative in a single step.</param>
/// <param name="Scale">
/// Ratio of the exponential moving averages of both up to this step, in samples: the critical batch it
/// predicts; null while the averaged |G|² is not positive.
/// </param>
/// <param name="Estimates">Estimates in the averages, this step's included.</param>
public sealed record NoiseEstimate(double? Trace, double? Square, double? Scale, long Estimates);

/// <summary>Mean loss and accuracy over a set of samples. Accuracy is null for regression.</summary>
public sealed record EvaluationMetrics(double Loss, double? Accuracy, int Samples);

/// <summary>One epoch.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="Step">Version of the weights at its end.</param>
/// <param name="Train">Running means over the epoch's steps, taken while the weights moved.</param>
/// <param name="Validation">On the weights at its end; null without a validation set.</param>
/// <param name="LearningRate">Rate of its last step.</param>
/// <param name="Elapsed">Training and evaluation.</param>
/// <param name="SamplesPerSecond">Training alone.</param>
/// <param name="Improved">True when the watched metric reached a new best.</param>
public sealed record EpochMetrics(
    int Epoch, long Step, EvaluationMetrics Train, EvaluationMetrics? Validation, double LearningRate,
    TimeSpan Elapsed, double SamplesPerSecond, bool Improved);

/// <summary>A worker's part in the steps of late.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Shards">Shards it is given of each step now.</param>
/// <param name="StepTime">From its order to its last subtree, smoothed over steps.</param>
/// <param name="SamplesPerSecond">Of its own, smoothed over steps.</param>
/// <param name="IsSlow">True: the others wait for it.</param>
public sealed record WorkerPace(
    string Worker, int Shards, TimeSpan StepTime, double SamplesPerSecond, bool IsSlow)
{
    /// <summary>Its shards are the <see cref="Shards"/> ones from this on, counted from 0.</summary>
    public int FirstShard { get; init; }
}

/// <summary>One checkpoint.</summary>
/// <param name="Elapsed">What writing it took, whatever came of it.</param>
/// <param name="Error">null: it is on disk.</param>
public sealed record CheckpointMetrics(TimeSpan Elapsed, string? Error);

/// <summary>How a run ended, in the words of the result object.</summary>
public enum RunStatus { Completed, StoppedEarly, Interrupted, Failed }
