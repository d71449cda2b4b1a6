using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>The cases in which a recommendation is called thin, each with what would mend it.</summary>
internal sealed class ThinRules(
    StudyFrame frame, IReadOnlyList<Outcome> outcomes, Yardstick yardstick, double tolerance)
{
    public static IReadOnlyList<ThinEvidence> NothingFinished { get; } = [new(
        ThinReason.NothingFinished,
        "No setting has a full set of runs that came to their end with a result. Lower the rates, or give "
        + "the runs more epochs, and run the study again.")];

    public IReadOnlyList<ThinEvidence> Judge(Choice chosen)
    {
        var thin = new List<ThinEvidence>();
        void Add(bool holds, ThinReason reason, string text)
        {
            if (holds)
            {
                thin.Add(new ThinEvidence(reason, text));
            }
        }

        Setting setting = chosen.Outcome.Setting;
        int[] batches = [.. outcomes.Select(o => o.Setting.Batch).Distinct().Order()];
        int seeds = chosen.Outcome.Seeds;
        Add(seeds == 1, ThinReason.OneSeed,
            "it was run with one seed, so nothing is known of chance. Run it with three seeds or more.");
        Add(seeds == 2, ThinReason.TwoSeeds,
            "it was run with two seeds, so its intervals are wide. Run it with three seeds or more.");
        Add(outcomes.All(o => o.Reached == 0), ThinReason.TargetNotReached,
            "no run reached the target. Give the runs more epochs, or set a target that can be reached.");
        Add(outcomes.Count == 1, ThinReason.OneSetting,
            "the study holds one setting, so there was nothing to choose from. Add batches or rates.");
        Add(batches.Length > 1 && setting.Batch == batches[^1], ThinReason.LargestBatch,
            $"the best batch, {setting.Batch:N0}, is the largest tried. Try beyond it: "
                + $"{2L * setting.Batch:N0}.");
        Add(batches.Length > 1 && setting.Batch == batches[0] && setting.Batch > 1, ThinReason.SmallestBatch,
            $"the best batch, {setting.Batch:N0}, is the smallest tried. Try below it: "
                + $"{setting.Batch / 2:N0}.");
        Add(RateAtEdge(setting, out bool lowest), ThinReason.RateAtEdge,
            $"its rate is the {(lowest ? "lowest" : "highest")} tried at that batch. Try beyond it.");
        Add(NotToldApart(chosen), ThinReason.NotToldApart,
            "its seeds scatter by more than the tolerance, so settings near it are not told apart. "
                + "Add seeds.");
        return thin;
    }

    /// <summary>A study that is still going on, or was cut short.</summary>
    public static ThinEvidence? Missing(StudyFrame frame, int runs) => runs >= frame.PlannedRuns ? null
        : new ThinEvidence(
            ThinReason.RunsMissing,
            $"only {runs:N0} of {frame.PlannedRuns:N0} planned runs are in. Run the command again to go on.");

    private bool RateAtEdge(Setting setting, out bool lowest)
    {
        BestRate? tuned = setting.Rule != BestRateFindings.TunedRule ? null
            : BestRateFindings.Of(outcomes, yardstick, frame.Target.Stop)
                .FirstOrDefault(f => f.Optimizer == setting.Optimizer)?.Batches
                .FirstOrDefault(b => b.Batch == setting.Batch && b.Best?.Setting == setting);
        lowest = tuned?.AtLowEdge ?? false;
        return tuned?.AtEdge ?? false;
    }

    private bool NotToldApart(Choice chosen)
        => !frame.Target.Stop && chosen.Outcome.Score?.Interval is { Low: { } low, High: { } high }
            && (high - low) / 2 > tolerance;
}
