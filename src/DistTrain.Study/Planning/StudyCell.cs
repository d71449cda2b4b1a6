using DistTrain.Core.Jobs;

namespace DistTrain.Study.Planning;

/// <summary>
/// One cell of the grid: a point of every plot. Cells of equal effective jobs share one run.
/// </summary>
public sealed record StudyCell
{
    /// <summary>Of the run that fills it: the first 12 hexadecimal digits of its job's SHA-256.</summary>
    public required string Id { get; init; }

    /// <summary>The effective job, named after the run.</summary>
    public required JobSpec Job { get; init; }

    public required string Rule { get; init; }

    /// <summary>The optimizer's label.</summary>
    public required string Optimizer { get; init; }

    public required double WarmupEpochs { get; init; }

    /// <summary>Which try of a tuned setting, from 0; null: the rule gave the rate.</summary>
    public int? Trial { get; init; }

    /// <summary>η₀ before the rule, and η after it.</summary>
    public required double BaseRate { get; init; }
    public required double PeakRate { get; init; }

    /// <summary>Names the cell among all of a study.</summary>
    public string Key => KeyOf(
        Optimizer, Rule, WarmupEpochs, Job.Batch.Global, Job.Workers.Max, Job.Seed, Trial, Id);

    /// <summary>
    /// The tuned setting it is a try of; null: none. Its tries are compared with one another.
    /// </summary>
    public string? Setting => Trial is null ? null : string.Create(null,
        $"{Optimizer}|{WarmupEpochs}|{Job.Batch.Global}|{Job.Workers.Max}|{Job.Seed}");

    internal static string KeyOf(
        string optimizer, string rule, double warmup, int batch, int workers, long seed, int? trial,
        string id)
        => string.Create(null, $"{optimizer}|{rule}|{warmup}|{batch}|{workers}|{seed}|{trial}|{id}");
}
