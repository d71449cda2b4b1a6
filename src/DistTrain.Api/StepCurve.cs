using System.Globalization;
using DistTrain.Core.Coordination;

namespace DistTrain.Api;

/// <summary>
/// The steps of a job so far, for whoever comes late and draws: columns of one length, evenly thinned, oldest
/// first. Numbers have six digits, which no screen shows more of; one that is not finite is null.
/// </summary>
public sealed record StepCurve
{
    /// <summary>The fewest and the most points that can be asked for, and how many come unasked.</summary>
    public const int FewestPoints = 2, MostPoints = 20_000, DefaultPoints = 10_000;

    /// <summary>Versions of the weights, from 0, rising.</summary>
    public required IReadOnlyList<long> Step { get; init; }

    public required IReadOnlyList<double> Loss { get; init; }

    /// <summary>Not a number: the job has none.</summary>
    public required IReadOnlyList<double> Accuracy { get; init; }

    public required IReadOnlyList<double> LearningRate { get; init; }

    /// <summary>In samples; not a number where it is not known.</summary>
    public required IReadOnlyList<double> NoiseScale { get; init; }

    /// <summary>The last step in full; null: there was none.</summary>
    public StepMetrics? Last { get; init; }

    public static StepCurve Of(IReadOnlyList<StepMetrics> steps) => new()
    {
        Step = [.. steps.Select(step => step.Step)],
        Loss = [.. steps.Select(step => Short(step.Loss))],
        Accuracy = [.. steps.Select(step => Short(step.Accuracy))],
        LearningRate = [.. steps.Select(step => Short(step.LearningRate))],
        NoiseScale = [.. steps.Select(step => Short(step.Noise?.Scale))],
        Last = steps.Count == 0 ? null : steps[^1],
    };

    private static double Short(double? value) => value is { } number && double.IsFinite(number)
        ? double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : double.NaN;
}
