namespace DistTrain.Runs.Verdicts;

/// <summary>What a run's curves say about its fit.</summary>
public enum FitKind
{
    /// <summary>Fewer than three epochs.</summary>
    TooShort,

    /// <summary>The loss left the finite numbers, or rose back to where it began.</summary>
    Diverged,

    /// <summary>Training goes on to improve while validation gets worse.</summary>
    OverFitting,

    /// <summary>Training itself has levelled off at a poor value.</summary>
    UnderFitting,

    /// <summary>The loss was still falling when training ended.</summary>
    StillImproving,

    /// <summary>Levelled off, and validation with it.</summary>
    GoodFit,

    /// <summary>Levelled off, with no validation set to tell a good fit from an over-fitted one.</summary>
    Unchecked,
}

/// <summary>A number that a verdict rests on.</summary>
public sealed record FitFigure(string Label, string Value);

/// <summary>A plain verdict on fit, the numbers it rests on, and what to try next.</summary>
/// <param name="Kind">The verdict.</param>
/// <param name="Headline">A few words.</param>
/// <param name="Explanation">One or two sentences with the numbers in them.</param>
/// <param name="Figures">The numbers.</param>
/// <param name="TryNext">What to try, the most promising first; may be empty.</param>
public sealed record FitVerdict(
    FitKind Kind, string Headline, string Explanation, IReadOnlyList<FitFigure> Figures,
    IReadOnlyList<string> TryNext)
{
    /// <summary>Judges a run by its epochs; see <see cref="FitJudge"/> for the rules.</summary>
    /// <param name="history">Every completed epoch, in order.</param>
    /// <param name="classes">Number of classes, from which chance follows; 0: unknown, or regression.</param>
    public static FitVerdict Judge(IReadOnlyList<Core.Coordination.EpochMetrics> history, int classes = 0)
        => new FitJudge(history, classes).Judge();
}
