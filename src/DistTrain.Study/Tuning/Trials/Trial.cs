namespace DistTrain.Study.Tuning.Trials;

public enum TrialStatus
{
    /// <summary>It ran to its end, or to its early stopping.</summary>
    Completed,

    /// <summary>Successive halving ended it.</summary>
    GivenUp,

    /// <summary>The run failed: it diverged, as a rule.</summary>
    Failed,

    /// <summary>Its fields do not go together; it was never run and does not count.</summary>
    Refused,
}

/// <summary>One point of a search and what came of it: a line of trials.jsonl.</summary>
public sealed record Trial
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>Coordinates in [0, 1), one for each dimension.</summary>
    public required IReadOnlyList<double> Point { get; init; }

    /// <summary>The fields' values as JSON, by dimension; null: it had no part.</summary>
    public required IReadOnlyList<string?> Values { get; init; }

    public required TrialStatus Status { get; init; }

    /// <summary>The metric at the end of each epoch; an epoch without one is null.</summary>
    public IReadOnlyList<double?> Curve { get; init; } = [];

    /// <summary>The metric at its best; null: there is none.</summary>
    public double? Value { get; init; }

    public long Steps { get; init; }
    public double Seconds { get; init; }

    /// <summary>Why it failed or was refused.</summary>
    public string? Reason { get; init; }

    public string? RunDirectory { get; init; }

    /// <summary>completed, given-up, failed or refused.</summary>
    public string StatusText => Status switch
    {
        TrialStatus.Completed => "completed",
        TrialStatus.GivenUp => "given-up",
        TrialStatus.Failed => "failed",
        _ => "refused",
    };

    /// <summary>What samplers and halving see of it: the best cost at the end of each epoch.</summary>
    public IReadOnlyList<double> BestCosts(Objective objective)
    {
        ArgumentNullException.ThrowIfNull(objective);
        double best = double.PositiveInfinity;
        return [.. Curve.Select(value => best = Math.Min(best, objective.CostOf(value)))];
    }
}
