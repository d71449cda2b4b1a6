using DistTrain.Core.Jobs;

namespace DistTrain.Study.Specs;

/// <summary>
/// What a study file asks for: a job, and lists of what is varied. The grid is their product; see
/// docs/study.md.
/// </summary>
public sealed record StudySpec
{
    public required string Name { get; init; }

    /// <summary>One sentence for the report's reader; null: none.</summary>
    public string? Question { get; init; }

    public required JobSource Job { get; init; }

    /// <summary>Fields of the job that hold for every run, laid over the job's own.</summary>
    public IReadOnlyList<JobOverride> Set { get; init; } = [];

    /// <summary>Global batches, in samples.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [];

    /// <summary>Of <see cref="RuleNames"/>.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Epochs of warm-up; empty: the job's.</summary>
    public IReadOnlyList<double> Warmups { get; init; } = [];

    /// <summary>Empty: the job's.</summary>
    public IReadOnlyList<OptimizerChoice> Optimizers { get; init; } = [];

    public IReadOnlyList<int> Workers { get; init; } = [];

    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>null: no setting is tuned.</summary>
    public TuneSpec? Tune { get; init; }

    public required TargetSpec Target { get; init; }

    /// <summary>null: the job's.</summary>
    public int? Epochs { get; init; }

    /// <summary>Every run takes this many steps instead; null: by epochs.</summary>
    public long? Steps { get; init; }

    /// <summary>null: every run goes to its end.</summary>
    public HalvingSpec? Halving { get; init; }

    /// <summary>null: what serves all worker counts alike, and at least two where the batch allows.</summary>
    public int? Shards { get; init; }
}

/// <summary>How the learning rate follows the batch, as a study names it.</summary>
public static class RuleNames
{
    public const string None = "none";
    public const string Sqrt = "sqrt";
    public const string Linear = "linear";
    public const string Legew = "legew";
    public const string AdaScale = "adascale";

    /// <summary>No rule: several rates are tried.</summary>
    public const string Tuned = "tuned";

    public static IReadOnlyList<string> All { get; } = [None, Sqrt, Linear, Legew, AdaScale, Tuned];
}

/// <summary>The job that a study varies: exactly one of both is set.</summary>
/// <param name="Path">A file, relative to the study's.</param>
/// <param name="Text">The job itself, as JSON whose lines are those of the study file.</param>
public sealed record JobSource(string? Path, string? Text);

/// <summary>An optimizer of the grid.</summary>
/// <param name="Label">What results call it; no two choices of one label differ in the optimizer.</param>
/// <param name="Fields">Of the job's section <c>optimizer</c>, its name among them.</param>
public sealed record OptimizerChoice(string Label, IReadOnlyList<JobOverride> Fields)
{
    /// <summary>η₀ at the reference batch for this optimizer; null: the job's.</summary>
    public double? BaseRate { get; init; }

    /// <summary>Its own rules instead of the study's; empty: the study's.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Its own warm-ups instead of the study's; empty: the study's.</summary>
    public IReadOnlyList<double> Warmups { get; init; } = [];
}

/// <summary>
/// Rates tried for the rule "tuned": a list, or multiples, evenly spaced in the logarithm, of what a rule
/// says for the batch.
/// </summary>
public sealed record TuneSpec
{
    /// <summary>Ascending; empty: multiples of the centre.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    /// <summary>First and last multiple.</summary>
    public double From { get; init; } = 0.25;

    public double To { get; init; } = 4;

    public int Trials { get; init; } = 5;

    /// <summary>The rule that gives the centre: none, sqrt or linear.</summary>
    public string Centre { get; init; } = RuleNames.Sqrt;
}

/// <summary>
/// Successive halving over the rates of a tuned setting: at each rung those that are not among the best so
/// far are given up.
/// </summary>
/// <param name="Rungs">Epochs, ascending.</param>
/// <param name="Keep">Share of those that reached a rung which goes on.</param>
public sealed record HalvingSpec(IReadOnlyList<int> Rungs, double Keep);
