using DistTrain.Core.Coordination;

namespace DistTrain.Study.Tuning.Execution;

/// <summary>Follows one trial's epochs, and ends it where successive halving gives it up.</summary>
/// <param name="objective">The metric.</param>
/// <param name="epochs">Epochs of the whole run: at the last there is nothing to save any more.</param>
/// <param name="goesOn">Judges an epoch by its number and the best cost so far.</param>
/// <param name="end">Ends the run.</param>
internal sealed class TrialWatch(
    Objective objective, int epochs, Func<int, double, bool> goesOn, Action end) : IRunObserver
{
    private readonly List<double?> _curve = [];
    private double _bestCost = double.PositiveInfinity;

    public IReadOnlyList<double?> Curve => _curve;

    public double? Best { get; private set; }

    public bool IsGivenUp { get; private set; }

    public void OnEpoch(EpochMetrics epoch)
    {
        double? value = objective.Of(epoch);
        _curve.Add(value is { } number && double.IsFinite(number) ? number : null);
        double cost = objective.CostOf(_curve[^1]);
        if (cost < _bestCost)
        {
            (_bestCost, Best) = (cost, value);
        }

        bool judged = !IsGivenUp && epoch.Epoch < epochs;
        if (judged && !goesOn(epoch.Epoch, _bestCost))
        {
            IsGivenUp = true;
            end();
        }
    }
}
