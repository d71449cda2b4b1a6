using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A run that fails by itself: exit code 1.</summary>
public sealed class DivergenceTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void A_diverging_run_fails_with_one_clear_line_and_says_so_in_json()
    {
        Needs.Engine();
        ProgramResult result = Disttrain.Run(
            small.Workspace, ["train", .. small.Job, "--set", "learningRate.base=1e9", "--json", "--quiet"]);
        result.ExitCode.ShouldBe(1, result.Errors);
        result.ErrorLines.Where(line => line.StartsWith("disttrain: ", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("training diverged: 5 steps in a row");
        result.ErrorLines.Count(line => line.Contains("the gradient is not finite; the update is skipped"))
            .ShouldBe(5);
        result.Errors.ShouldNotContain("   at ");
        var run = new FinishedRun(result);
        run.Status.ShouldBe("failed");
        run.Hash.ShouldBeNull();
        run.Json.GetProperty("error").GetString()
            .ShouldNotBeNull().ShouldContain("try a lower learning rate");
        File.Exists(run.Folder.File("weights.safetensors")).ShouldBeFalse("these are no weights to use");
        File.Exists(run.Folder.File("report.html")).ShouldBeTrue();
        run.Folder.Metrics("step").Count.ShouldBe(run.Steps);
    }
}
