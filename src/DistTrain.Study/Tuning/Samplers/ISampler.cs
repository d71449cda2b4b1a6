namespace DistTrain.Study.Tuning.Samplers;

/// <summary>
/// Chooses the points of a search. A pure function of the trial's number and of what earlier trials came to,
/// so that a search that goes on after an interruption has nothing to restore but its trials.
/// </summary>
public interface ISampler
{
    /// <summary>The point of trial <paramref name="index"/>; null: there are no more.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="seen">Trials that have ended, in the order of their numbers.</param>
    double[]? Next(int index, IReadOnlyList<Observation> seen);
}

/// <summary>What a trial came to, as samplers see it.</summary>
/// <param name="Point">Coordinates in [0, 1).</param>
/// <param name="HasPart">Which dimensions had a part in it.</param>
/// <param name="Cost">Lower is better; positive infinity: it failed.</param>
public sealed record Observation(
    IReadOnlyList<double> Point, IReadOnlyList<bool> HasPart, double Cost);
