using DistTrain.Core;
using DistTrain.Study.Execution;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Execution;

public sealed class StudyRunnerTests : IDisposable
{
    private const string Grid = "\"batches\": [32, 64], \"rules\": [\"none\", \"linear\"], \"epochs\": 4";

    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _notices = [];

    private StudyFolder Folder => new(_temporary.File("study"));

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Every_cell_has_its_row_in_the_order_of_the_grid()
    {
        await using var launcher = new FakeLauncher(2);
        StudyPlan plan = SmallStudy.Plan(Grid);
        StudyOutcome outcome = await RunAsync(plan, launcher);
        outcome.Complete.ShouldBeTrue();
        launcher.Begun.Count.ShouldBe(3);
        outcome.Rows.Select(row => (row.Rule, row.Batch)).ShouldBe(
            [("none", 32), ("none", 64), ("linear", 32), ("linear", 64)]);
        StudyRun row = outcome.Rows[0];
        (row.Examples, row.SecondsToTarget, row.StepsToTarget, row.Best).ShouldBe((4000, 1, 2, 0.54));
        File.ReadAllLines(Folder.TablePath).Length.ShouldBe(1 + 4);
        File.Exists(Folder.ReportPath).ShouldBeTrue();
    }

    [Fact]
    public async Task Started_again_it_makes_nothing_twice()
    {
        StudyPlan plan = SmallStudy.Plan(Grid);
        await using var first = new FakeLauncher(1);
        StudyOutcome whole = await RunAsync(plan, first);
        await using var second = new FakeLauncher(1);
        StudyOutcome again = await RunAsync(plan, second);
        second.Begun.ShouldBeEmpty();
        StudyCsv.ToText(again.Rows).ShouldBe(StudyCsv.ToText(whole.Rows));
    }

    [Fact]
    public async Task Cut_anywhere_the_results_come_to_the_same_table()
    {
        StudyPlan plan = SmallStudy.Plan(Grid);
        await using var first = new FakeLauncher(1);
        string table = StudyCsv.ToText((await RunAsync(plan, first)).Rows);
        byte[] journal = File.ReadAllBytes(Folder.ResultsPath);
        for (int length = 0; length < journal.Length; length += 37)
        {
            File.WriteAllBytes(Folder.ResultsPath, journal[..length]);
            await using var launcher = new FakeLauncher(1);
            StudyCsv.ToText((await RunAsync(plan, launcher)).Rows).ShouldBe(table, $"cut at {length}");
            int whole = journal[..length].Count(b => b == '\n');
            launcher.Begun.Count.ShouldBeLessThanOrEqualTo(3 - (whole + 1) / 2 + 1);
        }

        _notices.ShouldContain(notice => notice.Contains("torn off"));
    }

    [Fact]
    public async Task A_damaged_line_is_named()
    {
        StudyPlan plan = SmallStudy.Plan(Grid);
        await using var launcher = new FakeLauncher(1);
        await RunAsync(plan, launcher);
        string[] lines = File.ReadAllLines(Folder.ResultsPath);
        lines[1] = "{\"id\": 3}";
        File.WriteAllText(Folder.ResultsPath, string.Join('\n', lines) + "\n");
        (await Should.ThrowAsync<UserFaultException>(() => RunAsync(plan, launcher)))
            .Message.ShouldContain("results.jsonl:2: the line is damaged");
    }

    [Fact]
    public async Task A_grid_may_grow_and_keeps_what_it_has()
    {
        await using var launcher = new FakeLauncher(1);
        await RunAsync(SmallStudy.Plan(Grid), launcher);
        StudyPlan larger = SmallStudy.Plan(Grid.Replace("64]", "64, 128]", StringComparison.Ordinal)
            + ", \"seeds\": [1, 2]");
        await using var second = new FakeLauncher(1);
        StudyOutcome outcome = await RunAsync(larger, second);
        outcome.Rows.Count.ShouldBe(2 * 3 * 2);
        second.Begun.Count.ShouldBe(larger.Runs.Count - 3);
    }

    [Theory]
    [InlineData("\"epochs\": 4", "\"epochs\": 5", "epochs: 4 became 5")]
    [InlineData("[32, 64]", "[32]", "batches: [32, 64] became [32]")]
    [InlineData("0.9 }", "0.8 }", "target.value: 0.9 became 0.8")]
    [InlineData("\"base\": 0.02", "\"base\": 0.03", "job.learningRate.base: 0.02 became 0.03")]
    public async Task A_study_that_changed_is_refused_with_the_difference(
        string was, string becomes, string expected)
    {
        await using var launcher = new FakeLauncher(1);
        StudyPlan plan = SmallStudy.Plan(Grid);
        await RunAsync(plan, launcher);
        string before = File.ReadAllText(Folder.PlanPath);
        string text = SmallStudy.Text(Grid).Replace(was, becomes, StringComparison.Ordinal);
        var file = DistTrain.Study.Specs.StudyReader.Read(text, "study.json");
        StudyPlan changed = GridPlanner.Plan(
            file, new BaseJob(file.Spec, file.Spec.Job.Text!, "study.json", job => job), 1000);
        UserFaultException fault =
            await Should.ThrowAsync<UserFaultException>(() => RunAsync(changed, launcher));
        fault.Problems.ShouldContain(expected);
        fault.Problems[^1].ShouldContain("was begun with the former");
        File.ReadAllText(Folder.PlanPath).ShouldBe(before);
    }

    [Fact]
    public async Task Another_question_is_no_other_study()
    {
        await using var launcher = new FakeLauncher(1);
        await RunAsync(SmallStudy.Plan(Grid), launcher);
        await RunAsync(SmallStudy.Plan(Grid + ", \"question\": \"Why?\""), launcher);
        Folder.ReadAll().Plan.Frame.Question.ShouldBe("Why?");
    }

    [Fact]
    public async Task A_run_that_failed_is_tried_again_and_one_that_diverged_is_not()
    {
        StudyPlan plan = SmallStudy.Plan("\"batches\": [32, 64], \"rules\": [\"none\"], \"epochs\": 2");
        await using var first = new FakeLauncher(1)
        {
            Failure = run => run.Job.Batch.Global == 32 ? "the engine broke" : "training diverged: 5 steps",
        };
        StudyOutcome outcome = await RunAsync(plan, first);
        outcome.Rows.Select(row => row.Diverged).ShouldBe([false, true]);
        await using var second = new FakeLauncher(1);
        outcome = await RunAsync(plan, second);
        second.Begun.ShouldHaveSingleItem().ShouldStartWith("b32-");
        outcome.Rows.Select(row => row.Diverged).ShouldBe([false, true]);
        outcome.Rows[0].Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Hopeless_rates_are_given_up_and_a_later_start_remembers_the_rungs()
    {
        const string Tuned =
            """
            "batches": [64], "rules": ["tuned"], "epochs": 4, "halving": { "rungs": [2], "keep": 0.5 },
            "tune": { "rates": [0.1, 0.2, 0.3, 0.4] }
            """;
        StudyPlan plan = SmallStudy.Plan(Tuned);
        static FakeLauncher Worse() => new(1) { Accuracy = (run, _) => 1 - run.Job.LearningRate.Base };
        await using FakeLauncher first = Worse();
        StudyOutcome outcome = await RunAsync(plan, first);
        outcome.Rows.Select(row => row.GivenUp).ShouldBe([false, true, true, true]);
        outcome.Rows[1].Reason!.ShouldContain("given up after epoch 2");

        string[] lines = File.ReadAllLines(Folder.ResultsPath);
        File.WriteAllText(Folder.ResultsPath, lines[0] + "\n");
        await using FakeLauncher second = Worse();
        outcome = await RunAsync(plan, second);
        outcome.Rows.Select(row => row.GivenUp).ShouldBe([false, true, true, true]);
    }

    [Fact]
    public async Task Two_processes_cannot_work_on_one_study()
    {
        StudyPlan plan = SmallStudy.Plan(Grid);
        using StudyRunner runner = StudyRunner.Open(plan, SmallStudy.Frame(plan), Folder, _notices.Add);
        await using var launcher = new FakeLauncher(1);
        (await Should.ThrowAsync<UserFaultException>(() => RunAsync(plan, launcher)))
            .Message.ShouldContain("is another process at work on it?");
    }

    private async Task<StudyOutcome> RunAsync(StudyPlan plan, FakeLauncher launcher)
    {
        using StudyRunner runner = StudyRunner.Open(plan, SmallStudy.Frame(plan), Folder, _notices.Add);
        return await runner.RunAsync(launcher, new Blind(), CancellationToken.None);
    }

    private sealed class Blind : IRunsWatcher;
}
