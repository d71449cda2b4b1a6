namespace DistTrain.Core.Stopping;

/// <summary>What early stopping remembers between epochs; part of every checkpoint.</summary>
/// <param name="Best">Best value of the watched metric; null before the first.</param>
/// <param name="BestEpoch">The epoch (1-based) it was reached in; 0 before the first.</param>
/// <param name="BadEpochs">Epochs since then.</param>
public sealed record EarlyStoppingState(double? Best = null, int BestEpoch = 0, int BadEpochs = 0);
