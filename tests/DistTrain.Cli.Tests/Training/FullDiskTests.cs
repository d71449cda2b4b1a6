using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A run whose disk fills up in the middle, and has room again later.</summary>
public sealed class FullDiskTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void Training_goes_on_and_says_so_and_the_previous_checkpoint_is_whole()
    {
        Needs.Engine();
        using var disk = new SmallDisk(megabytes: 4);
        string[] longer = ["--set", "epochs=200", "--set", "checkpoint.keep=1"];
        FinishedRun reference = small.Train(longer);

        using ProgramRun run = Disttrain.Start(
            small.Workspace, ["train", .. small.Job, .. longer, "--out", disk.Root, "--json"]);
        string folder = run.WaitForCheckpoint(step: 10);
        string ballast = disk.FillUp();
        run.WaitForLine(line => line.Contains("checkpoint could not be written"))
            .ShouldEndWith("No space left on device; the previous one is whole");
        var saved = new RunFolder(small.Workspace.File("saved/full-1"));
        Copy(folder, saved.Path);
        File.Delete(ballast);

        ProgramResult result = run.Wait();
        result.ExitCode.ShouldBe(0, result.Errors);
        var finished = new FinishedRun(result);
        finished.Hash.ShouldBe(reference.Hash);
        finished.Folder.HashTensors("weights.safetensors").ShouldBe(reference.Hash);
        finished.Folder.MetricsButTimes.ShouldBe(
            reference.Folder.MetricsButTimes, "what could not be written came later");

        // What lay on the full disk is enough to get to the same bits.
        Disttrain.Train(small.Workspace, "--resume", saved.Path).Hash.ShouldBe(reference.Hash);
    }

    [SkippableFact]
    public void A_run_whose_weights_cannot_be_kept_does_not_end_well()
    {
        Needs.Engine();
        using var disk = new SmallDisk(megabytes: 4);
        using ProgramRun run = Disttrain.Start(
            small.Workspace, ["train", .. small.Job, "--set", "epochs=200", "--out", disk.Root, "--json"]);
        run.WaitForCheckpoint(step: 10);
        disk.FillUp();
        ProgramResult result = run.Wait();
        result.ExitCode.ShouldBe(1, result.Errors);
        result.Errors.ShouldContain("weights.safetensors could not be written: No space left on device");
        new FinishedRun(result).Status.ShouldBe("completed");
    }

    private static void Copy(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
