namespace DistTrain.Study.Sweeps;

/// <summary>One step of a sweep.</summary>
/// <param name="Rate">The learning rate it applied.</param>
/// <param name="Loss">Mean training loss of its batch, before the update; may be not finite.</param>
public readonly record struct SweepPoint(double Rate, double Loss);
