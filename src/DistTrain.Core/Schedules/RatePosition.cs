namespace DistTrain.Core.Schedules;

/// <summary>Where in training a step stands, as far as the learning rate depends on it.</summary>
/// <param name="Epoch">Epochs before this one.</param>
/// <param name="StepInEpoch">Steps of this epoch before this one.</param>
/// <param name="StepsInEpoch">⌈training samples / GlobalBatch⌉.</param>
/// <param name="GlobalBatch">
/// The epoch's batch; its last step counts in full though it may hold fewer samples.
/// </param>
/// <param name="ScaleInvariantSteps">
/// AdaScale's τ before the step; read under that rule alone.
/// </param>
/// <param name="Gain">
/// What the step is worth in steps of the reference batch: <see cref="LearningRatePolicy.GainOf"/>.
/// </param>
public readonly record struct RatePosition(
    int Epoch, int StepInEpoch, int StepsInEpoch, int GlobalBatch, double ScaleInvariantSteps = 0,
    double Gain = 1);
