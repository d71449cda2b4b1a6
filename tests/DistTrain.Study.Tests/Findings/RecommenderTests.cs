using DistTrain.Study.Findings;
using DistTrain.Study.Records;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Findings;

public sealed class RecommenderTests
{
    private static readonly StudyRun Plain = new SyntheticStudy(noise: 0).Add(64, 0.05, 1, "linear") with
    {
        StepsToTarget = 100,
        ExamplesToTarget = 125_000,
        SecondsToTarget = 10,
        Test = null,
    };

    [Fact]
    public void The_cheapest_among_the_good_is_chosen()
    {
        Recommendation advice = Choose([
            .. Setting(64, 0.980, 20), .. Setting(128, 0.979, 8), .. Setting(256, 0.97, 2),
            .. Setting(512, 0.96, 1)]);
        advice.Choice!.Outcome.Setting.Batch.ShouldBe(128);
        advice.Best!.Setting.Batch.ShouldBe(64);
        advice.Choice.Shortfall.Value.ShouldBe(0.001, 1e-9);
        advice.TimeToTarget.ShouldBeTrue();
        advice.Thin.ShouldBeEmpty();
        advice.Epochs.ShouldBe(20);
    }

    [Fact]
    public void Within_five_per_cent_the_smaller_batch_wins()
    {
        Choose([.. Setting(64, 0.9, 50), .. Setting(128, 0.98, 10), .. Setting(256, 0.98, 9.7),
            .. Setting(512, 0.9, 1)]).Choice!.Outcome.Setting.Batch.ShouldBe(128);
        Choose([.. Setting(128, 0.98, 10), .. Setting(256, 0.98, 9)])
            .Choice!.Outcome.Setting.Batch.ShouldBe(256);
    }

    [Fact]
    public void More_workers_do_not_win_for_a_setting_that_alone_had_them()
    {
        Recommendation advice = Choose([
            .. Setting(64, 0.98, 20), .. Setting(128, 0.98, 9), .. Setting(256, 0.98, 12),
            .. Setting(256, 0.98, 4, workers: 4), .. Setting(512, 0.9, 1)]);
        advice.Choice!.Outcome.Setting.Batch.ShouldBe(128);
        advice.Choice.Workers.ShouldBe(1);
        advice.Alternatives.Select(a => a.Outcome.Setting.Batch).ShouldBe([256]);
    }

    [Fact]
    public void The_fastest_number_of_workers_is_advised_for_the_chosen()
    {
        Recommendation advice = Choose([
            .. Setting(64, 0.98, 9), .. Setting(64, 0.98, 4, workers: 2),
            .. Setting(64, 0.98, 3.9, workers: 4)]);
        advice.Fastest!.Workers.ShouldBe(2);
    }

    [Fact]
    public void A_lucky_single_seed_is_an_alternative_only()
    {
        Recommendation advice = Choose([
            .. Setting(64, 0.9, 20), .. Setting(128, 0.98, 10), .. Setting(256, 0.99, 5, seeds: 1),
            .. Setting(512, 0.9, 20)]);
        advice.Choice!.Outcome.Setting.Batch.ShouldBe(128);
        advice.Alternatives.Single().Outcome.Setting.Batch.ShouldBe(256);
    }

    [Fact]
    public void A_setting_with_a_seed_that_failed_is_never_chosen()
    {
        StudyRun[] runs = [.. Setting(64, 0.98, 20), .. Setting(128, 0.99, 5)];
        runs[^1] = runs[^1] with { GivenUp = true };
        Choose(runs).Choice!.Outcome.Setting.Batch.ShouldBe(64);
    }

    [Fact]
    public void Thin_evidence_says_why()
    {
        Reasons([.. Setting(64, 0.9, 9, seeds: 1), .. Setting(128, 0.98, 5, seeds: 1)])
            .ShouldBe([ThinReason.OneSeed, ThinReason.LargestBatch]);
        Reasons([.. Setting(64, 0.98, 5, seeds: 2), .. Setting(128, 0.9, 9, seeds: 2)])
            .ShouldBe([ThinReason.TwoSeeds, ThinReason.SmallestBatch]);
        Reasons([.. Setting(64, 0.98, 5).Select(Unreached)])
            .ShouldBe([ThinReason.TargetNotReached, ThinReason.OneSetting]);
        Reasons([.. Setting(64, 0.97, 5).Select((r, i) => r with
        {
            Validation = new(0, 0.97 + 0.01 * i, 1),
        })]).ShouldBe([ThinReason.OneSetting, ThinReason.NotToldApart]);
        StudyFindings.Of(SyntheticStudy.Frame with { PlannedRuns = 9 }, [Plain]).Workloads.Single()
            .Recommendation.Thin.ShouldContain(t => t.Reason == ThinReason.RunsMissing);
    }

    [Fact]
    public void The_best_rate_at_the_edge_of_those_tried_asks_for_more()
    {
        double[] rates = [0.1, 0.2, 0.4];
        StudyRun[] tuned = [.. rates.SelectMany((rate, i) => Setting(64, 0.97 + 0.005 * i, 5)
            .Select(r => r with { Rule = "tuned", PeakRate = rate, Trial = i, Id = $"{r.Id}-{i}" }))];
        Reasons(tuned).ShouldBe([ThinReason.RateAtEdge]);
        Of(tuned).BestRates.Single().Batches.Single().AtHighEdge.ShouldBeTrue();

        // A higher rate that diverged is a limit that was found.
        StudyRun[] bounded = [.. tuned, .. Setting(64, 0.5, 5).Select(r => r with
        {
            Rule = "tuned", PeakRate = 0.8, Trial = 3, Id = $"{r.Id}-3", Diverged = true,
        })];
        Reasons(bounded).ShouldBeEmpty();
    }

    [Fact]
    public void Runs_that_stop_at_the_target_are_compared_by_the_time_to_it_and_train_as_long()
    {
        StudyFindings found = StudyFindings.Of(
            SyntheticStudy.Frame with { Target = SyntheticStudy.Frame.Target with { Stop = true } },
            [.. Setting(64, 0.99, 20), .. Setting(128, 0.9801, 5), .. Setting(256, 0.98, 9)]);
        Recommendation advice = found.Workloads.Single().Recommendation;
        advice.Choice!.Outcome.Setting.Batch.ShouldBe(128);
        advice.Epochs.ShouldBe(3);
    }

    private static IEnumerable<ThinReason> Reasons(IReadOnlyList<StudyRun> runs)
        => Choose(runs).Thin.Select(t => t.Reason);

    private static Recommendation Choose(IReadOnlyList<StudyRun> runs) => Of(runs).Recommendation;

    private static WorkloadFindings Of(IReadOnlyList<StudyRun> runs)
        => StudyFindings.Of(SyntheticStudy.Frame, runs).Workloads.Single();

    private static StudyRun Unreached(StudyRun run)
        => run with { StepsToTarget = null, ExamplesToTarget = null, SecondsToTarget = null };

    private static IEnumerable<StudyRun> Setting(
        int batch, double accuracy, double seconds, int seeds = 3, int workers = 1)
        => Enumerable.Range(1, seeds).Select(seed => Plain with
        {
            Id = $"{batch}-{workers}-{seed}",
            Batch = batch,
            Seed = seed,
            Workers = workers,
            Validation = new(0.1, accuracy + 0.0001 * (seed - 1), 10_000),
            SecondsToTarget = seconds,
            Seconds = 2 * seconds,
        });
}
