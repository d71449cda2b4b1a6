namespace DistTrain.Core.Coordination.LossScaling;

/// <summary>
/// Where dynamic loss scaling stands. It follows from the job and the gradients so far, never from who
/// computed them, and goes into checkpoints.
/// </summary>
/// <param name="Scale">What the mean loss of the next step is multiplied by, a power of two.</param>
/// <param name="GoodSteps">Steps in a row without an overflow since the scale last changed.</param>
public sealed record LossScaleState(double Scale, int GoodSteps);
