using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Study.Planning;
using DistTrain.Study.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Study.Tests.Planning;

public sealed class GridPlannerTests
{
    [Fact]
    public void The_grid_is_the_product_of_its_lists()
    {
        StudyPlan plan = SmallStudy.Plan(
            """
            "batches": [64, 128], "rules": ["none", "linear", "sqrt"], "warmup": [0, 1], "seeds": [1, 2, 3],
            "workers": [1, 2], "epochs": 4
            """);
        plan.Cells.Count.ShouldBe(2 * 3 * 2 * 3 * 2);
        plan.Cells.Select(cell => cell.Key).Distinct().Count().ShouldBe(plan.Cells.Count);
    }

    [Fact]
    public void Rules_that_come_to_one_job_share_its_run()
    {
        StudyPlan plan = SmallStudy.Plan(
            "\"batches\": [32, 128], \"rules\": [\"none\", \"sqrt\", \"linear\", \"legew\"], \"epochs\": 4");
        plan.Cells.Count.ShouldBe(8);
        // At the reference batch all four are one; without warm-up legew is the square root.
        plan.Runs.Count.ShouldBe(1 + 3);
        plan.Runs[0].Cells.Select(cell => cell.Rule).ShouldBe(["none", "sqrt", "linear", "legew"]);
        plan.Runs.ShouldAllBe(run => run.Cells.All(cell => cell.Job == run.Job || cell.Id == run.Id));
    }

    [Fact]
    public void With_warm_up_rules_stay_apart_beyond_the_reference_batch()
    {
        StudyPlan plan = SmallStudy.Plan(
            "\"batches\": [64], \"rules\": [\"sqrt\", \"legew\"], \"warmup\": [1], \"epochs\": 4");
        plan.Runs.Count.ShouldBe(2);
        plan.Cells[1].Job.LearningRate.Scaling.ShouldBe(ScalingRule.Legew);
    }

    [Theory]
    [InlineData("none", 0.02)]
    [InlineData("sqrt", 0.04)]
    [InlineData("linear", 0.08)]
    public void A_rule_gives_the_rate_of_the_batch(string rule, double expected)
    {
        StudyCell cell = SmallStudy.Plan($"\"batches\": [128], \"rules\": [\"{rule}\"]").Cells.Single();
        cell.BaseRate.ShouldBe(0.02);
        cell.PeakRate.ShouldBe(expected, 1e-15);
        cell.Job.LearningRate.Base.ShouldBe(expected, 1e-15);
    }

    [Fact]
    public void Tuned_rates_are_spaced_evenly_in_the_logarithm_around_the_centre()
    {
        StudyPlan plan = SmallStudy.Plan(
            """
            "batches": [128], "rules": ["tuned"],
            "tune": { "from": 0.25, "to": 4, "trials": 5, "centre": "linear" }
            """);
        plan.Cells.Select(cell => cell.PeakRate).ShouldBe([0.02, 0.04, 0.08, 0.16, 0.32]);
        plan.Cells.Select(cell => cell.Trial).ShouldBe([0, 1, 2, 3, 4]);
        plan.Cells.Select(cell => cell.Setting).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void An_optimizer_replaces_the_jobs_own_with_its_base_rate_rules_and_warm_ups()
    {
        StudyPlan plan = SmallStudy.Plan(
            """
            "batches": [64], "epochs": 4, "rules": ["none"],
            "optimizers": ["nesterov",
              { "name": "adam", "base": 0.001, "rules": ["sqrt", "linear"], "warmup": [2] }]
            """);
        plan.Cells.Select(cell => $"{cell.Optimizer} {cell.Rule} {cell.WarmupEpochs} {cell.BaseRate}")
            .ShouldBe(["nesterov none 0 0.02", "adam sqrt 2 0.001", "adam linear 2 0.001"]);
        plan.Cells[0].Job.Optimizer.Nesterov.ShouldBeTrue();
        plan.Cells[1].Job.Optimizer.Kind.ShouldBe(OptimizerKind.Adam);
    }

    [Fact]
    public void One_shard_count_serves_all_worker_counts_and_is_never_one()
    {
        StudyPlan plan = SmallStudy.Plan("\"batches\": [1, 2, 64], \"workers\": [1]");
        plan.Cells.Select(cell => cell.Job.Batch.Shards).ShouldBe([1, 2, 2]);
        SmallStudy.Plan("\"batches\": [64], \"workers\": [1, 3]").Cells
            .ShouldAllBe(cell => cell.Job.Batch.Shards == 4);
    }

    [Fact]
    public void A_budget_of_steps_takes_as_many_epochs_as_hold_it()
    {
        StudyPlan plan = SmallStudy.Plan("\"batches\": [100, 500], \"steps\": 25");
        plan.Cells.Select(cell => cell.Job.Epochs).ShouldBe([3, 13]);
        plan.Cells.ShouldAllBe(cell => cell.Job.MaxSteps == 25);
        plan.StepsOf(plan.Cells[0].Job).ShouldBe(25);
    }

    [Theory]
    [InlineData("\"batches\": [2000]", "study.json:7: batches: 2000 is more than the 1,000 training samples")]
    [InlineData("\"batches\": [2], \"workers\": [4]", "workers: 4 is more than the 2 shards of batch 2")]
    [InlineData("\"batches\": [4], \"shards\": 8", "shards: 8 is more than the smallest batch, 4")]
    [InlineData("\"batches\": [64], \"warmup\": [9], \"epochs\": 3", "learningRate.warmupEpochs")]
    [InlineData("\"batches\": [64], \"set\": { \"epohcs\": 3 }", "unknown field \"epohcs\"")]
    [InlineData("\"batches\": [64], \"optimizers\": [{ \"name\": \"adam\", \"momentum\": 0.9 }]",
        "optimizers[0].momentum: has a meaning only with optimizer.name")]
    [InlineData("\"batches\": [64], \"rules\": [\"tuned\"], \"tune\": {}, \"halving\": { \"rungs\": [5] }",
        "halving.rungs: the last rung is not before the end; the job's epochs is 5")]
    public void A_grid_that_cannot_be_is_refused(string more, string expected)
        => Should.Throw<UserFaultException>(() => SmallStudy.Plan(more)).Problems
            .ShouldContain(line => line.Contains(expected));

    [Fact]
    public void A_target_without_a_validation_set_is_refused()
        => Should.Throw<UserFaultException>(() => SmallStudy.Plan(
            "\"batches\": [8]", "{ \"dataset\": { \"validation\": 0 } }"))
            .Message.ShouldContain("needs a validation set");

    [Fact]
    public void A_fault_of_the_job_inside_the_study_has_the_studys_line()
        => Should.Throw<UserFaultException>(() => SmallStudy.Plan(
            "\"batches\": [8]", "{\n\n\"epoch\": 3 }"))
            .Message.ShouldContain("study.json:5: unknown key \"epoch\"; did you mean \"epochs\"?");

    [Fact]
    public void Steps_without_known_data_are_refused()
        => Should.Throw<UserFaultException>(
            () => SmallStudy.Plan("\"batches\": [8], \"steps\": 5", samples: null))
            .Message.ShouldContain("steps: needs the number of training samples");

    [Fact]
    public void A_grid_beyond_all_patience_is_refused_before_it_is_laid_out()
    {
        string many = string.Join(", ", Enumerable.Range(1, 1000));
        Should.Throw<UserFaultException>(() => SmallStudy.Plan(
            $"\"batches\": [{many}], \"seeds\": [{many}], \"workers\": [1]"))
            .Message.ShouldContain("the grid has 1,000,000 runs; 10,000 are the most");
    }

    [Fact]
    public void Names_and_ids_follow_from_the_study_alone()
    {
        const string Grid = "\"batches\": [32, 64], \"rules\": [\"sqrt\"], \"seeds\": [1, 2]";
        SmallStudy.Plan(Grid).Cells.Select(cell => (cell.Id, cell.Job.Name))
            .ShouldBe(SmallStudy.Plan(Grid).Cells.Select(cell => (cell.Id, cell.Job.Name)));
    }

    [Fact]
    public void Grids_are_as_large_as_the_product_of_their_lists_and_grow_without_changing_what_was()
        => Prop.ForAll(
            Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(), Gen.Choose(1, 3).ToArbitrary(),
            (batches, seeds, rules) =>
            {
                StudyPlan plan = PlanOf(batches, seeds, rules);
                StudyPlan grown = PlanOf(batches + 1, seeds + 1, rules);
                plan.Cells.Count.ShouldBe(batches * seeds * rules);
                plan.Runs.Sum(run => run.Cells.Count).ShouldBe(plan.Cells.Count);
                plan.Cells.Select(cell => cell.Key).ShouldBeSubsetOf(grown.Cells.Select(cell => cell.Key));
            }).QuickCheckThrowOnFailure();

    private static StudyPlan PlanOf(int batches, int seeds, int rules) => SmallStudy.Plan(
        $"\"batches\": [{Powers(batches)}], \"seeds\": [{string.Join(", ", Enumerable.Range(1, seeds))}], "
        + $"\"rules\": [{string.Join(", ", new[] { "\"none\"", "\"sqrt\"", "\"linear\"" }.Take(rules))}]");

    private static string Powers(int count)
        => string.Join(", ", Enumerable.Range(0, count).Select(i => 32 << i));
}
