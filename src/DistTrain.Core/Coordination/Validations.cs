namespace DistTrain.Core.Coordination;

/// <summary>A validation between the ends of epochs.</summary>
/// <param name="Step">Version of the weights it was taken on.</param>
/// <param name="Samples">Training samples seen up to there.</param>
/// <param name="Metrics">Loss and accuracy on the validation set.</param>
public sealed record ValidationPoint(long Step, long Samples, EvaluationMetrics Metrics);

/// <summary>Where a run first reached its target.</summary>
/// <param name="Step">Version of the weights: steps taken until then.</param>
/// <param name="Samples">Training samples seen until then.</param>
public sealed record TargetReached(long Step, long Samples);
