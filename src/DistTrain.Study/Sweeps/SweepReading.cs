namespace DistTrain.Study.Sweeps;

/// <summary>A rate that a sweep speaks for.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Loss">The smoothed loss there, or where it was read off.</param>
/// <param name="Caveat">One sentence: what it is good for, and what it is not.</param>
public sealed record RateSuggestion(double Rate, double Loss, string Caveat);

/// <summary>What a sweep says.</summary>
/// <param name="Points">As measured, without the step that blew up where its loss is not finite.</param>
/// <param name="Curve">The same points with centred smoothing.</param>
/// <param name="BlewUpAt">The rate at which the loss blew up; null: it did not.</param>
/// <param name="Steepest">Where the loss falls fastest per factor of rate; null: see WhyNone.</param>
/// <param name="TenthOfMinimum">A tenth of the rate with the lowest loss; null: see WhyNone.</param>
/// <param name="WhyNone">Why there is no suggestion, and what to do; null: there are both.</param>
public sealed record SweepReading(
    IReadOnlyList<SweepPoint> Points, IReadOnlyList<SweepPoint> Curve, double? BlewUpAt,
    RateSuggestion? Steepest, RateSuggestion? TenthOfMinimum, string? WhyNone);
