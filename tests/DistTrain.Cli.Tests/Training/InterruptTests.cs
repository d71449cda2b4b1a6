using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>
/// Runs that real signals stop in the middle of an epoch. A checkpoint after every step is both the event
/// that triggers the signal and what keeps the epoch from being over before it arrives.
/// </summary>
public sealed class InterruptTests(Models models) : IClassFixture<Models>
{
    private static readonly string[] SavedOften = ["--set", "checkpoint.everySteps=1", "--json"];

    [SkippableTheory]
    [InlineData("mlp", 5, 50)]
    [InlineData("cnn", 2, 16)]
    [InlineData("resnet8", 2, 8)]
    public void Interrupted_in_an_epoch_and_resumed_with_other_workers_ends_in_the_same_bits(
        string model, int signalAt, int stepsPerEpoch)
    {
        Needs.Engine();
        Needs.Signals();
        FinishedRun reference = models.Reference(model);
        FinishedRun cut = Stop(
            ["train", .. models.Job(model), "--workers", "3", .. SavedOften], signalAt,
            run => run.Interrupt(), 130);
        cut.Status.ShouldBe("interrupted");
        cut.Steps.ShouldBeInRange(signalAt, reference.Steps - 1);
        (cut.Steps % stepsPerEpoch).ShouldNotBe(0, "the signal was to arrive in the middle of an epoch");
        cut.Program.ErrorLines[^1].ShouldBe($"to go on: disttrain train --resume {cut.Folder.Path}");

        FinishedRun resumed = Resume(cut, "5");
        resumed.Status.ShouldBe("completed");
        resumed.Folder.Path.ShouldBe(cut.Folder.Path);
        resumed.Hash.ShouldBe(reference.Hash);
        resumed.Folder.MetricsButTimes.ShouldBe(reference.Folder.MetricsButTimes);
        resumed.Loss("test").ShouldBe(reference.Loss("test"));
    }

    [SkippableFact]
    public void Interrupted_terminated_and_killed_it_still_ends_in_the_same_bits()
    {
        Needs.Engine();
        Needs.Signals();
        FinishedRun reference = models.Reference("mlp");
        FinishedRun cut = Stop(
            ["train", .. models.Job("mlp"), "--workers", "2", .. SavedOften], 3, run => run.Interrupt(), 130);
        FinishedRun again = Stop(
            ["train", "--resume", cut.Folder.Path, "--workers", "1", "--json"], cut.Steps + 3,
            run => run.Terminate(), 143);
        again.Steps.ShouldBeGreaterThan(cut.Steps);
        using (ProgramRun killed = Disttrain.Start(models.Workspace, "train", "--resume", cut.Folder.Path))
        {
            killed.WaitForCheckpoint(again.Steps + 3);
            killed.Kill();
            killed.Wait().ExitCode.ShouldBe(137);
        }

        FinishedRun resumed = Resume(cut, "4");
        resumed.Status.ShouldBe("completed");
        resumed.Hash.ShouldBe(reference.Hash);
        resumed.Folder.MetricsButTimes.ShouldBe(reference.Folder.MetricsButTimes);
    }

    private FinishedRun Stop(
        IReadOnlyList<string> arguments, int step, Action<ProgramRun> signal, int exitCode)
    {
        using ProgramRun run = Disttrain.Start(models.Workspace, arguments);
        run.WaitForCheckpoint(step);
        signal(run);
        ProgramResult result = run.Wait();
        result.ExitCode.ShouldBe(exitCode, result.Errors);
        result.Errors.ShouldContain("interrupted: finishing the step and saving");
        return new FinishedRun(result);
    }

    private FinishedRun Resume(FinishedRun cut, string workers) => Disttrain.Train(
        models.Workspace, "--resume", cut.Folder.Path, "--workers", workers,
        "--set", "checkpoint.everySteps=null");
}
