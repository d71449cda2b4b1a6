namespace DistTrain.Core.Schedules;

/// <summary>What reduce-on-plateau remembers between epochs; part of every checkpoint.</summary>
/// <param name="Factor">Product of the reductions so far; multiplies the rate.</param>
/// <param name="Best">Best value of the watched metric; null before the first.</param>
/// <param name="BadEpochs">Epochs since then.</param>
public sealed record PlateauState(double Factor = 1, double? Best = null, int BadEpochs = 0);
