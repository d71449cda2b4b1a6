using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>
/// What a study shows, in numbers: pure arithmetic on its runs, the same for the same runs in any order.
/// The report is written from this and from nothing else; findings.json is this as JSON.
/// </summary>
/// <param name="Study">Its name.</param>
/// <param name="Planned">Runs of the whole grid.</param>
/// <param name="Runs">Runs that are in, whatever became of them.</param>
/// <param name="Diverged">Gradients were no longer finite.</param>
/// <param name="GivenUp">Ended by the study as hopeless.</param>
/// <param name="Failed">Neither, and yet not at their end.</param>
/// <param name="Workloads">One per model and data set, by name.</param>
public sealed record StudyFindings(
    string Study, int Planned, int Runs, int Diverged, int GivenUp, int Failed,
    IReadOnlyList<WorkloadFindings> Workloads)
{
    /// <summary>Accuracy within this of the baseline, as a share, counts as kept: 0.2 percentage
    /// points.</summary>
    public const double DefaultTolerance = 0.002;

    /// <param name="frame">What the study was after.</param>
    /// <param name="runs">Finished ones, in any order; may be empty.</param>
    /// <param name="tolerance">A share between 0 and 1; see <see cref="DefaultTolerance"/>.</param>
    public static StudyFindings Of(
        StudyFrame frame, IReadOnlyList<StudyRun> runs, double tolerance = DefaultTolerance)
    {
        StudyRun[] ordered = [.. runs.OrderBy(r => r.Model, StringComparer.Ordinal)
            .ThenBy(r => r.Dataset, StringComparer.Ordinal).ThenBy(r => r.Batch)
            .ThenBy(r => r.PeakRate).ThenBy(r => r.Seed).ThenBy(r => r.Id, StringComparer.Ordinal)];
        ThinEvidence? missing = ThinRules.Missing(frame, runs.Count);
        return new StudyFindings(
            frame.Name, frame.PlannedRuns, runs.Count, runs.Count(r => r.Diverged),
            runs.Count(r => r.GivenUp && !r.Diverged),
            runs.Count(r => !r.IsUsable() && !r.Diverged && !r.GivenUp),
            [.. ordered.GroupBy(r => (r.Model, r.Dataset, r.TrainingSamples))
                .Select(g => WorkloadFindings.Of(frame, [.. g], tolerance, missing))]);
    }
}

/// <summary>What the runs of one model on one data set show.</summary>
public sealed record WorkloadFindings
{
    public required string Model { get; init; }
    public required string Dataset { get; init; }
    public required int TrainingSamples { get; init; }

    /// <summary>What settings are compared by.</summary>
    public required Yardstick Yardstick { get; init; }

    /// <summary>Every setting, by batch.</summary>
    public required IReadOnlyList<Outcome> Outcomes { get; init; }

    public required Recommendation Recommendation { get; init; }
    public required AccuracyFindings Accuracy { get; init; }
    public required IReadOnlyList<TradeOffFindings> TradeOffs { get; init; }
    public required IReadOnlyList<BestRateFindings> BestRates { get; init; }
    public required IReadOnlyList<ScalingFindings> Scaling { get; init; }
    public required IReadOnlyList<WarmupPair> Warmup { get; init; }
    public required IReadOnlyList<NoiseFindings> Noise { get; init; }
    public required IReadOnlyList<GapFindings> Gaps { get; init; }

    internal static WorkloadFindings Of(
        StudyFrame frame, IReadOnlyList<StudyRun> runs, double tolerance, ThinEvidence? missing)
    {
        Yardstick yardstick = Yardstick.For(runs);
        IReadOnlyList<Outcome> outcomes = Outcome.Of(runs, yardstick);
        AccuracyFindings accuracy = AccuracyFindings.Of(
            outcomes, yardstick, frame.ReferenceBatch, tolerance);
        IReadOnlyList<TradeOffFindings> tradeOffs = TradeOffFindings.Of(outcomes, runs);
        Recommendation chosen = new Recommender(outcomes, yardstick, frame, accuracy.Tolerance).Choose();
        return new WorkloadFindings
        {
            Model = runs[0].Model,
            Dataset = runs[0].Dataset,
            TrainingSamples = runs[0].TrainingSamples,
            Yardstick = yardstick,
            Outcomes = outcomes,
            Recommendation = missing is null ? chosen : chosen with { Thin = [.. chosen.Thin, missing] },
            Accuracy = accuracy,
            TradeOffs = tradeOffs,
            BestRates = BestRateFindings.Of(outcomes, yardstick, frame.Target.Stop),
            Scaling = ScalingFindings.Of(outcomes),
            Warmup = WarmupPair.Of(runs, yardstick),
            Noise = NoiseFindings.Of(runs, tradeOffs),
            Gaps = GapFindings.Of(accuracy),
        };
    }
}
