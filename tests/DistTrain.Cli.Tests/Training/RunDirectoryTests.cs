using System.Text.RegularExpressions;
using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>What a run leaves behind.</summary>
public sealed partial class RunDirectoryTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void Every_file_is_there_and_the_weights_are_those_that_the_result_names()
    {
        Needs.Engine();
        FinishedRun run = small.Train("--set", "name=first", "--set", "checkpoint.keep=1");
        RunFolder folder = run.Folder;
        Files(folder.Path).Where(name => !name.StartsWith("events.out.tfevents.", StringComparison.Ordinal))
            .ShouldBe(
            [
                "data.sha256", "job.json", "metrics.jsonl", "report.html", "summary.json", "timeline.bin",
                "weights.safetensors",
            ]);
        Files(folder.Path).Count(name => name.StartsWith("events.out.tfevents.", StringComparison.Ordinal))
            .ShouldBe(1);
        Files(folder.Checkpoints).ShouldBe(["best.safetensors", "step-00000020.safetensors"]);
        folder.HashTensors("weights.safetensors").ShouldBe(run.Hash);
        folder.HashTensors("checkpoints/step-00000020.safetensors").ShouldBe(run.Hash);
        folder.Metrics("step").Count.ShouldBe(20);
        folder.Metrics("epoch").Count.ShouldBe(2);
        folder.Metrics("final").ShouldHaveSingleItem()
            .GetProperty("weightsSha256").GetString().ShouldBe(run.Hash);
    }

    [SkippableFact]
    public void The_report_needs_nothing_beside_itself()
    {
        Needs.Engine();
        string report = small.Train().Folder.Text("report.html");
        report.ShouldContain("<svg");
        report.ShouldContain("&quot;preset&quot;", customMessage: "the effective job");
        Outside().Matches(report).Select(match => match.Value).ShouldBeEmpty();
    }

    [SkippableFact]
    public void Runs_of_one_name_are_counted_and_another_name_counts_for_itself()
    {
        Needs.Engine();
        string[] names =
        [
            .. new[] { "counted", "counted", "other" }
                .Select(name => small.Train("--set", $"name={name}", "--out", "here/and there"))
                .Select(run => Path.GetFileName(run.Folder.Path)),
        ];
        names.ShouldBe(["counted-1", "counted-2", "other-1"]);
        Directory.GetDirectories(small.Workspace.File("here/and there")).Length.ShouldBe(3);
    }

    private static IEnumerable<string> Files(string folder)
        => Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Whatever makes a browser fetch something: links, sources, imports.</summary>
    [GeneratedRegex(
        """(src|href)\s*=\s*["']?(?!["'#]|data:)[^>\s]*|<(link|iframe|img)\b[^>]*|@import|url\((?!#)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Outside();
}
