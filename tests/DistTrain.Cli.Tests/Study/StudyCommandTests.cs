using System.Text.Json;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Study;

/// <summary><c>disttrain study</c> from end to end, on a grid that takes seconds.</summary>
public sealed class StudyCommandTests : IDisposable
{
    private const string Text =
        """
        {
          "name": "tiny",
          "job": {
            "model": { "preset": "mlp", "hidden": [8] },
            "dataset": { "name": "csv", "path": "points.csv", "label": "label", "validation": 200 },
            "learningRate": { "base": 0.02, "referenceBatch": 16 }
          },
          "batches": [16, 64],
          "rules": ["none", "linear"],
          "epochs": 20,
          "target": { "value": 0.6 }
        }
        """;

    private readonly Workspace _workspace = new();

    public StudyCommandTests()
    {
        IEnumerable<string> rows = Enumerable.Range(0, 1200).Select(i => $"{i % 17 - 8},{i % 13},{i % 2}");
        _workspace.Write("points.csv", string.Join('\n', rows.Prepend("x,y,label")) + "\n");
        _workspace.Write("tiny.json", Text);
    }

    private string Table => _workspace.File("studies/tiny/results.csv");

    public void Dispose() => _workspace.Dispose();

    [SkippableFact]
    public void A_study_leaves_tables_a_report_and_a_result_object()
    {
        Needs.Engine();
        ProgramResult result = Disttrain.Run(_workspace, "study", "tiny.json", "--json");
        result.ExitCode.ShouldBe(0, result.Errors);
        JsonElement json = JsonElement.Parse(result.OutputLines[^1]);
        json.GetProperty("status").GetString().ShouldBe("completed");
        json.GetProperty("cells").GetInt32().ShouldBe(4);
        json.GetProperty("finished").GetInt32().ShouldBe(4);
        result.ErrorLines.Count(line => line.StartsWith('[')).ShouldBe(3);
        File.ReadAllLines(Table).Length.ShouldBe(5);
        File.ReadAllLines(_workspace.File("studies/tiny/results.jsonl")).Length.ShouldBe(4);
        File.Exists(_workspace.File("studies/tiny/report.html")).ShouldBeTrue();

        File.Delete(_workspace.File("studies/tiny/report.html"));
        ProgramResult report = Disttrain.Run(_workspace, "study", "report", "studies/tiny");
        report.ExitCode.ShouldBe(0, report.Errors);
        File.Exists(_workspace.File("studies/tiny/report.html")).ShouldBeTrue();
    }

    [SkippableFact]
    public void A_dry_run_shows_the_plan_and_leaves_nothing()
    {
        Needs.Engine();
        string before = _workspace.Snapshot();
        ProgramResult result = Disttrain.Run(_workspace, "study", "tiny.json", "--dry-run");
        result.ExitCode.ShouldBe(0, result.Errors);
        result.Output.ShouldContain("4 cells, 3 different runs, 3 of them to be made");
        result.OutputLines.Count(line => line.Contains("linear")).ShouldBe(2);
        _workspace.Snapshot().ShouldBe(before);
    }

    [SkippableFact]
    public void Killed_in_the_middle_it_comes_to_the_same_table_but_for_times()
    {
        Needs.Engine();
        Needs.Signals();
        Disttrain.Run(_workspace, "study", "tiny.json", "--out", "whole").ExitCode.ShouldBe(0);
        using (ProgramRun run = Disttrain.Start(_workspace, "study", "tiny.json", "--workers", "1"))
        {
            run.WaitForLine(line => line.StartsWith("[1/", StringComparison.Ordinal));
            run.Kill();
            run.Wait().ExitCode.ShouldBe(137);
        }

        ProgramResult again = Disttrain.Run(_workspace, "study", "tiny.json");
        again.ExitCode.ShouldBe(0, again.Errors);
        again.ErrorLines.ShouldContain(line => line.Contains("are finished already"));
        ButTimes(Table).ShouldBe(ButTimes(_workspace.File("whole/results.csv")));
    }

    [SkippableFact]
    public void An_interrupt_saves_and_says_how_to_go_on()
    {
        Needs.Engine();
        Needs.Signals();
        using ProgramRun run = Disttrain.Start(_workspace, "study", "tiny.json", "--workers", "1");
        run.WaitForLine(line => line.StartsWith("[1/", StringComparison.Ordinal));
        run.Interrupt();
        ProgramResult result = run.Wait();
        result.ExitCode.ShouldBe(130, result.Errors);
        result.ErrorLines.ShouldContain("to go on: disttrain study tiny.json");
        Disttrain.Run(_workspace, "study", "tiny.json").ExitCode.ShouldBe(0);
        File.ReadAllLines(Table).Length.ShouldBe(5);
    }

    [SkippableFact]
    public void A_study_file_that_changed_is_refused_with_the_difference()
    {
        Needs.Engine();
        Disttrain.Run(_workspace, "study", "tiny.json").ExitCode.ShouldBe(0);
        _workspace.Write(
            "tiny.json", Text.Replace("\"epochs\": 20", "\"epochs\": 2", StringComparison.Ordinal));
        Disttrain.Refuse(_workspace, "study", "tiny.json", "--quiet")
            .ShouldContain(line => line.Contains("epochs: 20 became 2"));
    }

    [Theory]
    [InlineData("\"batches\": [16, 64]", "\"batches\": []", "tiny.json:8: batches: an empty list is not")]
    [InlineData("\"linear\"", "\"liner\"", "did you mean \"linear\"?")]
    [InlineData("\"preset\": \"mlp\"", "\"preset\": \"nlp\"", "tiny.json:4: model.preset: \"nlp\"")]
    public void A_fault_of_the_file_is_one_line(string was, string becomes, string expected)
    {
        _workspace.Write("tiny.json", Text.Replace(was, becomes, StringComparison.Ordinal));
        Disttrain.Refuse(_workspace, "study", "tiny.json").ShouldContain(line => line.Contains(expected));
    }

    [Theory]
    [InlineData("study")]
    [InlineData("study", "none.json")]
    [InlineData("study", "tiny.json", "--workers", "0")]
    [InlineData("study", "report", "nowhere")]
    public void A_command_line_that_cannot_be_is_one_line(params string[] arguments)
        => Disttrain.Refuse(_workspace, arguments).Length.ShouldBe(1);

    /// <summary>Rows without what a clock decides and where the files lie.</summary>
    private static string[] ButTimes(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] timed = ["seconds", "samplesPerSecond", "secondsToTarget", "runDirectory"];
        int[] kept = [.. lines[0].Split(',').Select((name, i) => (name, i))
            .Where(column => !timed.Contains(column.name)).Select(column => column.i)];
        return [.. lines.Select(line => string.Join(',', kept.Select(i => line.Split(',')[i])))];
    }
}
