using System.Text.Json;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>What the program says, and where.</summary>
public sealed class ResultTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void The_result_object_has_exactly_its_fields_and_stands_alone_on_stdout()
    {
        Needs.Engine();
        FinishedRun run = small.Train();
        run.Program.Errors.ShouldBe("");
        run.Program.Output.ShouldEndWith("}\n");
        Names(run.Json).ShouldBe(
        [
            "status", "epochs", "steps", "train", "validation", "test", "target", "noiseScale",
            "weightsSha256", "samplesPerSecond", "seconds", "runDirectory",
        ]);
        foreach (string split in new[] { "train", "validation", "test" })
        {
            Names(run.Json.GetProperty(split)).ShouldBe(["loss", "accuracy"]);
            run.Accuracy(split).ShouldBeInRange(0, 1);
        }

        run.Status.ShouldBe("completed");
        (run.Epochs, run.Steps).ShouldBe((2, 20));
        run.Json.GetProperty("samplesPerSecond").GetDouble().ShouldBeGreaterThan(0);
        JsonSerializer.Deserialize<JsonElement>(run.Folder.Text("summary.json")).ToString()
            .Where(c => !char.IsWhiteSpace(c))
            .ShouldBe(run.Json.ToString().Where(c => !char.IsWhiteSpace(c)));
    }

    [SkippableFact]
    public void Piped_it_says_a_plain_line_an_epoch_on_stderr_and_prints_the_effective_job_once()
    {
        Needs.Engine();
        ProgramResult result = Disttrain.Run(small.Workspace, ["train", .. small.Job, "--json"]);
        var run = new FinishedRun(result);
        result.Errors.ShouldNotContain('\e');
        result.Errors.ShouldNotContain('\r');
        result.ErrorLines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)).ShouldBe(2);
        result.Errors.Split(run.Folder.Text("job.json").Trim()).Length.ShouldBe(2, "printed once");
        result.Errors.ShouldContain($"run directory: {run.Folder.Path}\n");
    }

    [SkippableFact]
    public void Without_json_stdout_tells_a_person_the_result()
    {
        Needs.Engine();
        ProgramResult result = Disttrain.Run(small.Workspace, ["train", .. small.Job, "--quiet"]);
        result.ExitCode.ShouldBe(0, result.Errors);
        result.Errors.ShouldBe("");
        result.Output.ShouldNotContain('\e');
        result.OutputLines.Select(line => line.Split(' ', ':')[0]).ShouldBe(
            ["completed", "train", "validation", "test", "noise", "speed", "weights", "report"]);
    }

    [SkippableFact]
    public void The_stored_job_run_again_gives_the_same_bits()
    {
        Needs.Engine();
        FinishedRun first = small.Train();
        FinishedRun again = Disttrain.Train(small.Workspace, first.Folder.File("job.json"));
        again.Hash.ShouldBe(first.Hash);
        again.Folder.Text("job.json").ShouldBe(first.Folder.Text("job.json"));
    }

    [SkippableFact]
    public void Flags_job_file_and_set_say_the_same_things()
    {
        Needs.Engine();
        string file = small.Workspace.Write("jobs/job.json", """
            {
              "dataset": { "name": "mnist", "path": "../mnist", "validation": 80 },
              "model": { "preset": "mlp", "hidden": [16] },
              "batch": { "global": 40, "shards": 4 },
              "epochs": 2,
              "workers": { "min": 1, "max": 2 },
              "learningRate": { "base": 0.02, "scaling": "none", "schedule": { "name": "constant" } }
            }
            """);
        string[] sets =
        [
            "dataset.name=mnist", $"dataset.path={small.Data}", "dataset.validation=80", "model.preset=mlp",
            "model.hidden=16", "batch.global=40", "batch.shards=4", "epochs=2", "workers.max=2",
            "learningRate.base=0.02", "learningRate.scaling=none", "learningRate.schedule.name=constant",
        ];
        FinishedRun byFlags = small.Train();
        FinishedRun byFile = Disttrain.Train(small.Workspace, file);
        FinishedRun bySet = Disttrain.Train(
            small.Workspace, [.. sets.SelectMany(set => new[] { "--set", set })]);
        byFile.Hash.ShouldBe(byFlags.Hash);
        bySet.Hash.ShouldBe(byFlags.Hash);
        byFile.Folder.Text("job.json").ShouldBe(byFlags.Folder.Text("job.json"));
        bySet.Folder.Text("job.json").ShouldBe(byFlags.Folder.Text("job.json"));
    }

    private static IEnumerable<string> Names(JsonElement element)
        => element.EnumerateObject().Select(property => property.Name);
}
