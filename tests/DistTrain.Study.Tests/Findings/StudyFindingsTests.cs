using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Study.Findings;
using DistTrain.Study.Fitting;
using DistTrain.Study.Records;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Findings;

public sealed class StudyFindingsTests
{
    private static readonly WorkloadFindings Full = Of(SyntheticStudy.Full().Runs);

    [Fact]
    public void The_trade_off_of_tuned_runs_is_that_of_the_truth()
    {
        TradeOff fit = Full.TradeOffs.Single(t => t.Optimizer == "nesterov").Fit!;
        fit.Verdict.ShouldBe(TradeOffVerdict.Fixed);
        fit.CriticalBatch.Value.ShouldBe(SyntheticStudy.CriticalBatch, 0.15 * SyntheticStudy.CriticalBatch);
        fit.LeastSteps.Value.ShouldBe(SyntheticStudy.LeastSteps, 0.1 * SyntheticStudy.LeastSteps);
    }

    [Fact]
    public void The_exponent_of_the_best_rate_is_that_of_the_truth()
    {
        BestRateFindings rates = Full.BestRates.Single();
        rates.Batches.ShouldAllBe(b => b.Tried.Count == 7);
        rates.Law!.Exponent.Interval!.Value.Holds(SyntheticStudy.RateExponent).ShouldBeTrue();
        rates.Law.Exponent.Interval!.Value.Holds(0.5).ShouldBeFalse();
    }

    [Fact]
    public void Workers_are_compared_within_one_setting()
    {
        Full.Scaling.Select(s => s.Setting.Batch).ShouldBe([256, 2048]);
        ScalingFindings one = Full.Scaling[0];
        one.Points.Select(p => p.Workers).ShouldBe([1, 2, 4, 8]);
        one.Points[0].Efficiency.ShouldBe(1);
        one.Points.ShouldAllBe(p => Math.Abs(p.Efficiency * p.Workers - p.Speedup) < 1e-9);
    }

    [Fact]
    public void Warm_up_is_paired_seed_by_seed()
    {
        Full.Warmup.ShouldAllBe(p => p.Pairs == 3 && p.With.WarmupEpochs == 2 && p.Without.WarmupEpochs == 0);
        var study = new SyntheticStudy(noise: 0);
        StudyRun run = study.Add(64, 0.05, 1, "linear");
        StudyRun[] runs = [.. Enumerable.Range(1, 3).SelectMany(seed => new[]
        {
            run with { Id = $"a{seed}", Seed = seed, Validation = new(0, 0.9 + 0.01 * seed, 1) },
            run with
            {
                Id = $"b{seed}", Seed = seed, WarmupEpochs = 1, Validation = new(0, 0.92 + 0.01 * seed, 1),
            },
        })];
        runs[4] = runs[4] with { Diverged = true };
        WarmupPair pair = Of(runs).Warmup.Single();
        (pair.Pairs, pair.LostWith, pair.LostWithout).ShouldBe((3, 0, 1));

        // The scatter between seeds is gone within pairs.
        pair.Gain!.Value.Value.ShouldBe(0.02, 1e-12);
        (pair.Gain.Value.Interval!.Value.High - 0.02)!.Value.ShouldBe(0, 1e-9);
    }

    [Fact]
    public void The_noise_scale_is_held_against_the_critical_batch()
    {
        NoiseFindings noise = Full.Noise.Single(n => n.Optimizer == "nesterov");
        noise.Overall.Mean.ShouldBeInRange(400, 1200);
        noise.Overall.Runs.ShouldBe(Full.TradeOffs.Single(t => t.Optimizer == "nesterov").Best.Count * 3);
        noise.Ratio!.Value.ShouldBe(noise.Overall.Mean / noise.Critical!.Value.Value, 1e-9);
    }

    [Fact]
    public void The_gap_grows_with_the_batch_as_it_was_made_to()
        => Full.Gaps.Single(g => g.Name == "nesterov, tuned").Change!.Value.Value.ShouldBe(0.0032, 0.003);

    [Fact]
    public void The_order_of_runs_does_not_matter()
    {
        StudyRun[] runs = [.. SyntheticStudy.Full().Runs];
        string inOrder = Json(runs);
        new Random(3).Shuffle(runs);
        Json(runs).ShouldBe(inOrder);
    }

    [Fact]
    public void Everything_diverged_or_nothing_measured_is_told_without_numbers()
    {
        var study = new SyntheticStudy();
        StudyRun run = study.Add(64, 1e9, 1, "linear");
        run.Diverged.ShouldBeTrue();
        StudyRun broken = run with
        {
            Id = "b",
            Batch = 128,
            BaseRate = double.NaN,
            PeakRate = double.NaN,
            Seconds = double.NaN,
            SamplesPerSecond = double.PositiveInfinity,
            NoiseScale = double.NaN,
        };
        StudyRun[] runs = [
            run, broken, run with { Id = "c", Status = RunStatus.Interrupted, Diverged = false, Seed = 2 }];
        WorkloadFindings found = Of(runs);
        found.Recommendation.Choice.ShouldBeNull();
        found.Recommendation.Thin.Single().Reason.ShouldBe(ThinReason.NothingFinished);
        found.Accuracy.Baseline.ShouldBeNull();
        found.TradeOffs.ShouldAllBe(t => t.Fit == null);
        (found.Scaling.Count, found.Warmup.Count, found.Noise.Count, found.Gaps.Count).ShouldBe((0, 0, 0, 0));
        JsonDocument.Parse(Json(runs)).RootElement.GetProperty("diverged").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Each_model_and_data_set_is_judged_on_its_own()
    {
        StudyRun run = new SyntheticStudy().Add(64, 0.05, 1);
        StudyFindings found = StudyFindings.Of(
            SyntheticStudy.Frame, [run, run with { Id = "b", Model = "cnn" }]);
        found.Workloads.Select(w => w.Model).ShouldBe(["cnn", "mlp 512,256"]);
        StudyFindings.Of(SyntheticStudy.Frame, []).Workloads.ShouldBeEmpty();
    }

    private static string Json(IReadOnlyList<StudyRun> runs)
        => FindingsJson.Write(StudyFindings.Of(SyntheticStudy.Frame, runs));

    private static WorkloadFindings Of(IReadOnlyList<StudyRun> runs)
        => StudyFindings.Of(SyntheticStudy.Frame, runs).Workloads.Single();
}
