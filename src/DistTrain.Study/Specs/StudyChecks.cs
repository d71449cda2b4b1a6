using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>What must hold between the fields of a study that each are fine on their own.</summary>
internal static class StudyChecks
{
    public static void Check(StudySpec study, FieldResolver<StudySpec> values, ReadContext context)
    {
        Twice("batches", study.Batches);
        Twice("rules", study.Rules);
        Twice("warmup", study.Warmups);
        Twice("workers", study.Workers);
        Twice("seeds", study.Seeds);
        bool tunes = study.Optimizers.Count == 0 ? study.Rules.Contains(RuleNames.Tuned)
            : study.Optimizers.Any(o => RulesOf(study, o).Contains(RuleNames.Tuned));
        Complain("rules", tunes && study.Tune is null,
            "tuned needs the section tune: which rates are to be tried");
        Complain("tune", !tunes && study.Tune is not null,
            "has a meaning only with the rule tuned");
        Complain("tune.to", study.Tune is { Rates.Count: 0 } tune && tune.To <= tune.From,
            $"{study.Tune?.To} is not above tune.from, {study.Tune?.From}");
        Complain("halving", !tunes && study.Halving is not null,
            "has a meaning only with the rule tuned: it compares the rates of one setting");
        Complain("halving.rungs", study is { Halving: { Rungs: { Count: > 0 } rungs }, Epochs: { } epochs }
            && rungs[^1] >= epochs, $"the last rung is not before the end; epochs is {study.Epochs}");
        Complain("target.value",
            study.Target is { Metric: StoppingMetric.ValidationAccuracy, Value: > 1 },
            $"{study.Target.Value} is more than 1; an accuracy is a share, 0.99 for 99 %");
        Labels(study, values, context);

        void Twice<T>(string path, IReadOnlyList<T> items)
        {
            var repeated = items.GroupBy(item => item).FirstOrDefault(group => group.Count() > 1);
            if (repeated is not null)
                Complain(path, true, $"{repeated.Key} is given twice");
        }

        void Complain(string path, bool broken, string what)
        {
            if (broken && !values.IsDoubtful(path))
                context.Problems.Add(PlaceOf(path, values, context), path, what);
        }
    }

    /// <summary>The rules an optimizer is run with.</summary>
    public static IReadOnlyList<string> RulesOf(StudySpec study, OptimizerChoice choice)
        => choice.Rules.Count > 0 ? choice.Rules : study.Rules;

    /// <summary>
    /// One optimizer may be listed several times, with other rules or warm-ups; results tell optimizers apart
    /// by label, so one label cannot stand for two.
    /// </summary>
    private static void Labels(StudySpec study, FieldResolver<StudySpec> values, ReadContext context)
    {
        foreach (var group in study.Optimizers.GroupBy(choice => choice.Label, StringComparer.Ordinal))
        {
            int kinds = group.Select(choice => string.Join(
                ' ', choice.Fields.Select(f => $"{f.Path}={f.Value}").Order(StringComparer.Ordinal))
                + $" base={choice.BaseRate}").Distinct(StringComparer.Ordinal).Count();
            if (kinds > 1)
            {
                context.Problems.Add(PlaceOf("optimizers", values, context), "optimizers",
                    $"{JobNode.Quote(group.Key)} stands for {kinds} different optimizers; "
                    + "give each a label of its own");
            }
        }
    }

    private static Origin PlaceOf(
        string path, FieldResolver<StudySpec> values, ReadContext context)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        return values.OriginOf(path) ?? (dot < 0 ? null : values.OriginOf(path[..dot])) ?? context.File;
    }
}
