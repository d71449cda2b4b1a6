using System.Text.Json;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Training;

namespace DistTrain.Cli.Tests.Find;

public sealed class FindCommandTests : IClassFixture<SmallRuns>
{
    private readonly SmallRuns _runs;
    private readonly string _job;

    public FindCommandTests(SmallRuns runs)
    {
        _runs = runs;
        _job = runs.Workspace.Write("small.json", $$"""
            { "name": "small", "dataset": { "name": "mnist", "path": {{JsonSerializer.Serialize(runs.Data)}},
                "validation": 80 },
              "model": { "preset": "mlp", "hidden": [16] }, "epochs": 3,
              "batch": { "global": 40, "shards": 2 }, "workers": { "max": 2 },
              "learningRate": { "scaling": "none" } }
            """);
    }

    [SkippableFact]
    public void A_sweep_suggests_rates_and_leaves_a_picture_and_no_run()
    {
        Needs.Engine();
        JsonElement found = Run(
            "lr-find", _job, "--steps", "60", "--from", "1e-5", "--to", "100", "--out", "sweep");
        found.GetProperty("steepest").GetDouble().ShouldBeInRange(1e-5, 100);
        found.GetProperty("tenthOfMinimum").GetDouble().ShouldBeInRange(1e-6, 10);
        found.GetProperty("batch").GetInt32().ShouldBe(40);
        JsonElement[] curve = [.. found.GetProperty("curve").EnumerateArray()];
        curve.Length.ShouldBeGreaterThan(20);
        curve[0].GetProperty("rate").GetDouble().ShouldBe(1e-5, 1e-12);
        File.ReadAllText(found.GetProperty("page").GetString()!).ShouldContain("<svg");
        Directory.GetDirectories(_runs.Workspace.File("sweep")).ShouldBeEmpty();
    }

    [SkippableFact]
    public void A_sweep_is_the_same_every_time()
    {
        Needs.Engine();
        string[] line = ["lr-find", _job, "--steps", "20", "--to", "0.1", "--out", "again"];
        Run(line).GetProperty("curve").GetRawText().ShouldBe(Run(line).GetProperty("curve").GetRawText());
    }

    [SkippableFact]
    public void A_search_of_batches_measures_every_size_up_to_the_largest()
    {
        Needs.Engine();
        JsonElement found = Run("batch-find", _job, "--largest", "4");
        JsonElement[] rows = [.. found.GetProperty("rows").EnumerateArray()];
        rows.Select(r => r.GetProperty("shard").GetInt32()).ShouldBe([1, 2, 4]);
        rows.Select(r => r.GetProperty("globalBatch").GetInt32()).ShouldBe([2, 4, 8]);
        foreach (JsonElement measured in rows.SelectMany(
            r => new[] { r.GetProperty("oneWorker"), r.GetProperty("allWorkers") }))
        {
            measured.GetProperty("samplesPerSecond").GetDouble().ShouldBeGreaterThan(0);
            measured.GetProperty("peakBytes").GetInt64().ShouldBeGreaterThan(10_000_000);
        }

        found.GetProperty("ending").GetString().ShouldBe("largest-asked");
    }

    [SkippableFact]
    public void A_search_of_fields_leaves_a_best_job_that_train_accepts_and_goes_on_without_repeating()
    {
        Needs.Engine();
        string space = _runs.Workspace.Write("space.json", """
            { "learningRate.base": { "log": [0.0001, 1] }, "optimizer.name": { "choice": ["sgd", "adam"] } }
            """);
        string[] line =
        [
            "tune", _job, "--space", space, "--sampler", "random", "--scheduler", "asha", "--out", "search",
        ];
        JsonElement three = Run([.. line, "--trials", "3"]);
        three.GetProperty("trials").GetInt32().ShouldBe(3);
        JsonElement five = Run([.. line, "--trials", "5"]);
        five.GetProperty("trials").GetInt32().ShouldBe(5);
        string[] journal = File.ReadAllLines(_runs.Workspace.File("search/trials.jsonl"));
        journal.Length.ShouldBe(6);
        File.ReadAllLines(_runs.Workspace.File("search/trials.csv")).Length.ShouldBe(6);
        File.ReadAllText(_runs.Workspace.File("search/report.html")).ShouldContain("<svg");

        double best = five.GetProperty("best").GetProperty("value").GetDouble();
        double[] values = [.. journal.Skip(1).Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .Select(t => t.GetProperty("value").GetDouble())];
        best.ShouldBe(values.Max());
        FinishedRun trained = Disttrain.Train(_runs.Workspace, five.GetProperty("bestJob").GetString()!);
        trained.Status.ShouldBe("completed");

        _runs.Workspace.Write("space.json", """{ "learningRate.base": { "log": [0.001, 1] } }""");
        string[] refusal = Refuse([.. line, "--trials", "5"]);
        refusal.ShouldContain(l => l.Contains("learningRate.base: log [0.0001, 1] became log [0.001, 1]"));
    }

    [SkippableTheory]
    [InlineData("lr-find --steps 3", "--steps 3: a sweep has")]
    [InlineData("lr-find --from 2 --to 1", "--to 1: a sweep ends above --from")]
    [InlineData("lr-find nothing.json", "there is no such job file")]
    [InlineData("batch-find --workers 0", "--workers 0: give a whole number")]
    [InlineData("batch-find --workers 9999", "9999 workers on")]
    [InlineData("batch-find --set epochs=x", "--set epochs=x")]
    [InlineData("tune small.json --space none.json", "there is no such search space")]
    [InlineData("tune small.json --space bad.json", "did you mean \"learningRate.base\"?")]
    [InlineData("tune small.json --space good.json --sampler tbe", "did you mean \"tpe\"?")]
    [InlineData("tune small.json --space good.json --scheduler hyperband", "it is one of none, asha")]
    [InlineData("tune small.json --space good.json --metric validation-acuracy",
        "did you mean \"validation-accuracy\"?")]
    [InlineData("tune small.json --space good.json --trials 0", "--trials 0: give a whole number")]
    [InlineData("tune small.json --space good.json --set dataset.validation=0", "needs a validation set")]
    [InlineData("tune --space good.json", "JOB.json")]
    public void What_the_user_got_wrong_is_told_in_a_line(string line, string complaint)
    {
        _runs.Workspace.Write("bad.json", """{ "learningRate.bse": { "log": [0.001, 1] } }""");
        _runs.Workspace.Write("good.json", """{ "learningRate.base": { "log": [0.001, 1] } }""");
        Refuse(line.Split(' ')).ShouldContain(l => l.Contains(complaint));
    }

    private string[] Refuse(params string[] line)
    {
        ProgramResult result = Disttrain.Run(_runs.Workspace, line);
        result.ExitCode.ShouldBe(2, result.Errors);
        result.Output.ShouldBe("");
        result.Errors.ShouldNotContain("   at ");
        return result.ErrorLines;
    }

    private JsonElement Run(params string[] line)
    {
        ProgramResult result = Disttrain.Run(_runs.Workspace, [.. line, "--json"]);
        result.ExitCode.ShouldBe(0, result.Errors);
        string last = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonSerializer.Deserialize<JsonElement>(last);
    }
}
