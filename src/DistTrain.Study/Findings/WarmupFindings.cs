using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>The same runs with and without warm-up, seed by seed, at one batch and rate.</summary>
/// <param name="With">The setting that warms up.</param>
/// <param name="Without">Its twin.</param>
/// <param name="Gain">Mean over seeds of the yardstick's improvement by warm-up; null: no pair of seeds where
/// both came to their end.</param>
/// <param name="Pairs">Seeds run both ways.</param>
/// <param name="LostWith">Pairs where the run with warm-up diverged or did not come to its end.</param>
/// <param name="LostWithout">Likewise without.</param>
public sealed record WarmupPair(
    Setting With, Setting Without, Estimate? Gain, int Pairs, int LostWith, int LostWithout)
{
    internal static IReadOnlyList<WarmupPair> Of(IReadOnlyList<StudyRun> runs, Yardstick yardstick)
    {
        (Setting Setting, StudyRun Run)[] settings = [.. runs
            .Select(run => (Setting: Setting.Of(run), Run: run)).DistinctBy(p => (p.Setting, p.Run.Seed))];
        var without = settings.Where(p => p.Setting.WarmupEpochs == 0).ToLookup(p => p.Setting);
        return [.. settings.Where(p => p.Setting.WarmupEpochs > 0).GroupBy(p => p.Setting)
            .Select(g => Of(g.Key, [.. g.Select(p => p.Run)],
                [.. without[g.Key with { WarmupEpochs = 0 }].Select(p => p.Run)], yardstick))
            .Where(pair => pair.Pairs > 0).OrderBy(p => p.With.Batch).ThenBy(p => p.With.Line)];
    }

    private static WarmupPair Of(Setting setting, StudyRun[] with, StudyRun[] without, Yardstick yardstick)
    {
        (StudyRun With, StudyRun Without)[] pairs = [.. with.Join(
            without, r => r.Seed, r => r.Seed, (a, b) => (a, b))];
        SeedMean? gain = SeedMean.Of(pairs.Where(p => p.With.IsUsable() && p.Without.IsUsable())
            .Select(p => yardstick.Of(p.With) - yardstick.Of(p.Without))
            .Select(difference => difference is { } d ? yardstick.Gain(d) : (double?)null));
        return new WarmupPair(
            setting, setting with { WarmupEpochs = 0 },
            gain is null ? null : new Estimate(gain.Mean, gain.Interval), pairs.Length,
            pairs.Count(p => !p.With.IsUsable()), pairs.Count(p => !p.Without.IsUsable()));
    }
}
