namespace DistTrain.Study.Tuning.Halving;

/// <summary>
/// Asynchronous successive halving (Li et al. 2020, "A system for massively parallel hyperparameter tuning"),
/// in its stopping form: when a trial comes to a rung, it goes on if it is among the best third of all that
/// have come there so far, and is given up otherwise. Nobody waits for anybody, and nothing is ever resumed;
/// the price is that an early trial is judged by few others and may go on for longer than it deserves.
/// <code>
///  rung:  epoch 1 ── 3 ── 9 ── 27 …        a third goes on at each
/// </code>
/// </summary>
public sealed class SuccessiveHalving
{
    /// <summary>η: one in so many goes on, and rungs lie so many times as far.</summary>
    public const int ReductionFactor = 3;

    private readonly SortedDictionary<int, List<double>> _rungs = [];

    /// <summary>Whether trials are judged at the end of this epoch.</summary>
    public static bool IsRung(int epoch)
    {
        while (epoch > 1 && epoch % ReductionFactor == 0)
        {
            epoch /= ReductionFactor;
        }

        return epoch == 1;
    }

    /// <summary>A trial has come to an epoch's end.</summary>
    /// <param name="epoch">1-based.</param>
    /// <param name="cost">Its best so far; lower is better; not finite: as bad as can be.</param>
    /// <returns>False: give it up.</returns>
    public bool GoesOn(int epoch, double cost)
    {
        if (!IsRung(epoch))
        {
            return true;
        }

        if (!_rungs.TryGetValue(epoch, out List<double>? rung))
        {
            _rungs.Add(epoch, rung = []);
        }

        cost = double.IsNaN(cost) ? double.PositiveInfinity : cost;
        int better = rung.Count(other => other <= cost);
        rung.Add(cost);
        int places = Math.Max(1, rung.Count / ReductionFactor);
        return better < places;
    }

    /// <summary>Takes in a trial of before an interruption.</summary>
    /// <param name="costs">Its best so far at the end of each epoch it completed.</param>
    public void Replay(IReadOnlyList<double> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        for (int i = 0; i < costs.Count; i++)
        {
            GoesOn(i + 1, costs[i]);
        }
    }
}
