using DistTrain.Study.Findings;
using DistTrain.Study.Records;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Findings;

public sealed class AccuracyFindingsTests
{
    private static readonly StudyRun Plain = new SyntheticStudy(noise: 0).Add(64, 0.05, 1, "linear");

    [Fact]
    public void A_rule_is_kept_shown_and_lost_where_its_seeds_say_so()
    {
        AccuracyLine line = Lines(
            (64, [0.9800, 0.9802, 0.9801]), (128, [0.9801, 0.9800, 0.9802]), (256, [0.9790, 0.9796, 0.9784]),
            (512, [0.96, 0.975, 0.985]), (1024, [0.90, 0.901, 0.902])).Single();
        line.Points.Select(p => p.Keeping).ShouldBe(
            [Keeping.Kept, Keeping.Kept, Keeping.KeptOnAverage, Keeping.ShortOnAverage, Keeping.Lost]);
        (line.KeptUpTo, line.ShownUpTo, line.LostFrom).ShouldBe((256, 128, 1024));
    }

    [Fact]
    public void One_seed_is_never_sure()
    {
        AccuracyLine line = Lines((64, [0.98]), (128, [0.98]), (256, [0.90])).Single();
        line.Points.Select(p => p.Keeping).ShouldBe(
            [Keeping.Kept, Keeping.KeptOnAverage, Keeping.ShortOnAverage]);
        line.Points[1].Shortfall!.Value.Interval.ShouldBeNull();
    }

    [Fact]
    public void A_seed_that_diverged_loses_the_batch_whatever_the_others_say()
    {
        List<StudyRun> runs = Runs((64, [0.98, 0.98, 0.98]), (128, [0.98, 0.98, 0.98]));
        runs[^1] = runs[^1] with { Diverged = true };
        AccuracyLine line = Of(runs).Lines.Single();
        line.Points[1].Keeping.ShouldBe(Keeping.Lost);
        line.Points[1].Outcome.Diverged.ShouldBe(1);
        line.KeptUpTo.ShouldBe(64);
    }

    [Fact]
    public void A_gap_in_the_batches_that_keep_it_ends_what_is_kept()
        => Lines((64, [0.98]), (128, [0.9]), (256, [0.98])).Single().KeptUpTo.ShouldBe(64);

    [Fact]
    public void The_baseline_is_the_unscaled_recipe_at_the_reference_batch()
    {
        List<StudyRun> runs = Runs((32, [0.99]), (64, [0.985]));
        runs.Add(runs[1] with { Id = "none", Rule = "none", Validation = new(0.1, 0.98, 10) });
        Outcome baseline = Of(runs).Baseline!;
        (baseline.Setting.Batch, baseline.Setting.Rule).ShouldBe((64, "none"));
        Of(Runs((128, [0.9]), (256, [0.95]))).Baseline!.Setting.Batch.ShouldBe(128);
    }

    [Fact]
    public void Runs_of_one_seed_with_other_workers_are_no_further_evidence()
    {
        List<StudyRun> runs = Runs((64, [0.98]));
        runs.Add(runs[0] with { Id = "twice", Workers = 2 });
        Outcome outcome = Of(runs).Baseline!;
        outcome.Seeds.ShouldBe(1);
        outcome.Score!.Interval.ShouldBeNull();
        outcome.Timings.Count.ShouldBe(2);
    }

    [Fact]
    public void Values_that_are_not_finite_are_as_if_they_were_not_there()
        => Of([.. Runs((64, [1]), (128, [1])).Select(r => r with
        {
            Validation = new(double.PositiveInfinity, double.NaN, 10),
        })]).Baseline.ShouldBeNull();

    [Fact]
    public void A_loss_is_better_when_it_is_lower()
    {
        List<StudyRun> runs = [.. Runs((64, [1]), (128, [1])).Select((r, i) => r with
        {
            Validation = new(i == 0 ? 0.5 : 0.6, null, 10), Test = null,
        })];
        AccuracyFindings found = Of(runs);
        found.Lines.Single().Points[1].Shortfall!.Value.Value.ShouldBe(0.1, 1e-12);
        found.Lines.Single().KeptUpTo.ShouldBe(64);
        found.Tolerance.ShouldBe(0.005, 1e-12);
    }

    private static IReadOnlyList<AccuracyLine> Lines(params (int Batch, double[] Scores)[] batches)
        => Of(Runs(batches)).Lines;

    private static AccuracyFindings Of(IReadOnlyList<StudyRun> runs)
        => StudyFindings.Of(SyntheticStudy.Frame, runs).Workloads.Single().Accuracy;

    private static List<StudyRun> Runs(params (int Batch, double[] Scores)[] batches) => [.. batches
        .SelectMany(b => b.Scores.Select((score, i) => Plain with
        {
            Id = $"{b.Batch}-{i}", Batch = b.Batch, Seed = i, Validation = new(0.1, score, 10), Test = null,
        }))];
}
