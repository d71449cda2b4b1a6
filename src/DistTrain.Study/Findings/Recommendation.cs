using DistTrain.Study.Fitting;

namespace DistTrain.Study.Findings;

/// <summary>Why a recommendation should not be trusted far; each case is decided by a rule.</summary>
public enum ThinReason
{
    NothingFinished, OneSeed, TwoSeeds, TargetNotReached, LargestBatch, SmallestBatch, RateAtEdge, OneSetting,
    RunsMissing, NotToldApart,
}

/// <param name="Reason">Which rule.</param>
/// <param name="Text">One sentence: what is missing, and what would mend it.</param>
public sealed record ThinEvidence(ThinReason Reason, string Text);

/// <summary>A setting with a number of workers, and what it cost and brought.</summary>
/// <param name="Outcome">Over its seeds.</param>
/// <param name="Workers">With which the time was taken.</param>
/// <param name="Seconds">To the target, or of the whole run.</param>
/// <param name="Shortfall">How much worse than the best setting of the study; positive is worse.</param>
public sealed record Choice(Outcome Outcome, int Workers, SeedMean Seconds, Estimate Shortfall);

/// <summary>What to use, by what rule it was chosen, and how far to trust it.</summary>
/// <param name="Choice">With as many workers as it was compared with; null: there is nothing to choose from.
/// </param>
/// <param name="Fastest">The same setting with the number of workers to use.</param>
/// <param name="Epochs">To train for.</param>
/// <param name="TimeToTarget">Whether choices were compared by the time to the target, or of whole
/// runs.</param>
/// <param name="Best">The setting with the best yardstick, which may be another.</param>
/// <param name="Alternatives">Nearly as good, cheapest first.</param>
/// <param name="Thin">Empty: the evidence is sound.</param>
public sealed record Recommendation(
    Choice? Choice, Choice? Fastest, int? Epochs, bool TimeToTarget, Outcome? Best,
    IReadOnlyList<Choice> Alternatives, IReadOnlyList<ThinEvidence> Thin)
{
    /// <summary>How choices are made, for the report to say.</summary>
    public const string Rule =
        "Of all settings whose every seed came to its end, take those within the tolerance of the best one. "
        + "Where some of them reach the target with every seed, keep only these. Take the one that needs the "
        + "least time, all with the number of workers that most of them were run with. Within 5 % of that "
        + "time, the smaller batch wins, then the shorter warm-up. Settings with fewer seeds than others (up "
        + "to three) are named as alternatives only. Then take the number of workers that was fastest for "
        + "it; within 5 %, the fewest.";
}
