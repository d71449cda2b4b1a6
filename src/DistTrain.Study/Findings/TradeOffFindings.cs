using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>Steps and examples to the target against the batch, for one optimizer.</summary>
/// <param name="Optimizer">Its name.</param>
/// <param name="Best">By batch, the setting that took the fewest steps, whatever its rule and rate.</param>
/// <param name="Missed">Batches where no seed of any setting reached the target.</param>
/// <param name="Fit">Null where fewer than two batches reached the target.</param>
public sealed record TradeOffFindings(
    string Optimizer, IReadOnlyList<Outcome> Best, IReadOnlyList<int> Missed, TradeOff? Fit)
{
    internal static IReadOnlyList<TradeOffFindings> Of(
        IReadOnlyList<Outcome> outcomes, IReadOnlyList<StudyRun> runs)
    {
        Dictionary<string, StudyRun> byId = runs.DistinctBy(r => r.Id).ToDictionary(r => r.Id);
        return [.. outcomes.GroupBy(o => o.Setting.Optimizer).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Of(g.Key, [.. g], byId))];
    }

    private static TradeOffFindings Of(
        string optimizer, Outcome[] outcomes, Dictionary<string, StudyRun> byId)
    {
        // A setting that misses the target with some seeds would look fast by its lucky ones.
        Outcome[] best = [.. outcomes.Where(o => o.Reached > 0).GroupBy(o => o.Setting.Batch)
            .OrderBy(g => g.Key)
            .Select(g => g.OrderByDescending(o => (double)o.Reached / o.Seeds)
                .ThenBy(o => o.StepsToTarget!.Mean).First())];
        int[] missed = [.. outcomes.Select(o => o.Setting.Batch).Distinct()
            .Except(best.Select(o => o.Setting.Batch)).Order()];
        IEnumerable<(double, double)> points = best.SelectMany(o => o.Runs.Select(id => byId[id])
            .Where(r => r.IsUsable() && r.StepsToTarget > 0).DistinctBy(r => r.Seed)
            .Select(r => ((double)r.Batch, (double)r.StepsToTarget!.Value)));
        return new TradeOffFindings(optimizer, best, missed, TradeOffFit.Fit(points));
    }
}
