using DistTrain.Study.Fitting;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>Chooses by the rule of <see cref="Recommendation.Rule"/>.</summary>
internal sealed class Recommender(
    IReadOnlyList<Outcome> outcomes, Yardstick yardstick, StudyFrame frame, double tolerance)
{
    /// <summary>Times closer than this are a tie.</summary>
    private const double Tie = 1.05;

    /// <summary>More seeds than this are not asked of a setting to be chosen.</summary>
    private const int EnoughSeeds = 3;

    private const int MostAlternatives = 4;

    /// <summary>An alternative may take this much longer.</summary>
    private const double NearlyAsFast = 1.5;

    public Recommendation Choose()
    {
        Outcome[] sound = [.. outcomes.Where(o => o is { IsSound: true, Score: not null }
            && o.Timings.Any(t => t.Seconds is not null))];
        if (sound.Length == 0)
        {
            return new Recommendation(null, null, null, false, null, [], ThinRules.NothingFinished);
        }

        int seeds = Math.Min(EnoughSeeds, sound.Max(o => o.Seeds));
        Outcome[] pool = [.. sound.Where(o => o.Seeds >= seeds)];
        Outcome best = pool.MaxBy(o => yardstick.Gain(o.Score!.Mean))!;
        Outcome[] good = [.. pool.Where(o => IsGood(o, best))];
        bool byTarget = good.Any(o => o.ReachesTarget);
        good = byTarget ? [.. good.Where(o => o.ReachesTarget)] : good;
        int workers = CommonWorkers(good, byTarget);
        Choice[] choices = [.. good.Select(o => Priced(o, best, byTarget, workers)).OfType<Choice>()
            .OrderBy(c => c.Seconds.Mean)];
        if (choices.Length == 0)
        {
            return new Recommendation(null, null, null, byTarget, best, [], ThinRules.NothingFinished);
        }

        double limit = choices[0].Seconds.Mean * Tie;
        Choice chosen = choices.Where(c => c.Seconds.Mean <= limit)
            .OrderBy(c => c.Outcome.Setting.Batch).ThenBy(c => c.Outcome.Setting.WarmupEpochs)
            .ThenBy(c => c.Seconds.Mean).First();
        Choice[] others = Alternatives(sound, choices, chosen, best, byTarget);
        return new Recommendation(
            chosen, Fastest(chosen, byTarget), Epochs(chosen.Outcome), byTarget, best, others,
            new ThinRules(frame, outcomes, yardstick, tolerance).Judge(chosen));
    }

    /// <summary>
    /// Runs that end at the target all end with about its value: there, reaching it is all that counts.
    /// </summary>
    private bool IsGood(Outcome outcome, Outcome best)
        => frame.Target.Stop && outcomes.Any(o => o.ReachesTarget)
            ? outcome.ReachesTarget
            : Shortfall(outcome, best).Value <= tolerance;

    private Estimate Shortfall(Outcome outcome, Outcome best) => ReferenceEquals(outcome, best)
        ? new Estimate(0, null)
        : yardstick.IsAccuracy ? best.Score!.Less(outcome.Score!) : outcome.Score!.Less(best.Score!);

    /// <summary>
    /// Times are compared with one number of workers, the one that most settings were run with: a setting
    /// must not win because it alone was given more machines.
    /// </summary>
    private static int CommonWorkers(Outcome[] good, bool byTarget) => good
        .SelectMany(o => Times(o, byTarget)).GroupBy(t => t.Workers)
        .OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefault();

    private static IEnumerable<(int Workers, SeedMean Seconds)> Times(Outcome outcome, bool byTarget)
        => outcome.Timings.Select(t => (t.Workers, Seconds: byTarget ? t.SecondsToTarget : t.Seconds))
            .Where(t => t.Seconds is not null).Select(t => (t.Workers, t.Seconds!));

    /// <summary>Null where no time is known with that number of workers.</summary>
    private Choice? Priced(Outcome outcome, Outcome best, bool byTarget, int workers)
        => Times(outcome, byTarget).FirstOrDefault(t => t.Workers == workers).Seconds is { } seconds
            ? new Choice(outcome, workers, seconds, Shortfall(outcome, best)) : null;

    /// <summary>Of the chosen setting, the fewest workers that are as good as the fastest.</summary>
    private static Choice Fastest(Choice chosen, bool byTarget)
    {
        (int Workers, SeedMean Seconds)[] times = [.. Times(chosen.Outcome, byTarget)];
        double limit = times.Min(t => t.Seconds.Mean) * Tie;
        (int workers, SeedMean seconds) = times.Where(t => t.Seconds.Mean <= limit).MinBy(t => t.Workers);
        return chosen with { Workers = workers, Seconds = seconds };
    }

    /// <summary>
    /// As good and not much slower; or faster, and only not told apart from the best by the seeds there are.
    /// </summary>
    private Choice[] Alternatives(
        Outcome[] sound, Choice[] choices, Choice chosen, Outcome best, bool byTarget)
    {
        double cost = chosen.Seconds.Mean;
        IEnumerable<Choice> near = choices.Where(c => c != chosen && c.Seconds.Mean <= cost * NearlyAsFast);
        IEnumerable<Choice> faster = sound.Where(o => !byTarget || o.ReachesTarget)
            .Where(o => choices.All(c => c.Outcome != o))
            .Select(o => Priced(o, best, byTarget, chosen.Workers)).OfType<Choice>()
            .Where(c => c.Seconds.Mean < cost && NotWorseForSure(c.Shortfall));
        return [.. near.Concat(faster).OrderBy(c => c.Seconds.Mean).Take(MostAlternatives)];
    }

    private bool NotWorseForSure(Estimate shortfall)
        => shortfall.Interval is { } interval ? interval.Holds(0) : shortfall.Value <= tolerance;

    /// <summary>
    /// Where runs ended at the target, the epochs of the slowest seed; else what the accuracy was measured
    /// at.
    /// </summary>
    private int Epochs(Outcome outcome) => frame.Target.Stop && outcome.EpochsToTarget is { } epochs
        ? (int)Math.Ceiling(epochs) : outcome.Setting.Epochs;
}
