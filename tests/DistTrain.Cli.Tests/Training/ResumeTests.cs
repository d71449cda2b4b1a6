using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>What a run can go on as, and what not.</summary>
public sealed class ResumeTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableFact]
    public void A_finished_run_repeats_its_result()
    {
        Needs.Engine();
        FinishedRun first = small.Train();
        IReadOnlyList<string> metrics = first.Folder.MetricsButTimes;
        FinishedRun again = Disttrain.Train(small.Workspace, "--resume", first.Folder.Path);
        again.Status.ShouldBe("completed");
        again.Hash.ShouldBe(first.Hash);
        again.Steps.ShouldBe(first.Steps);
        foreach (string split in new[] { "train", "validation", "test" })
        {
            again.Loss(split).ShouldBe(first.Loss(split));
            again.Accuracy(split).ShouldBe(first.Accuracy(split));
        }

        again.Json.GetProperty("samplesPerSecond").GetDouble().ShouldBeGreaterThan(0);
        again.Folder.MetricsButTimes.ShouldBe(metrics);
    }

    [SkippableFact]
    public void More_epochs_of_a_constant_rate_go_on_to_the_bits_of_a_longer_run()
    {
        Needs.Engine();
        FinishedRun longer = small.Train("--set", "epochs=3");
        FinishedRun shorter = small.Train();
        FinishedRun resumed = Disttrain.Train(
            small.Workspace, "--resume", shorter.Folder.Path, "--epochs", "3", "--workers", "3");
        resumed.Epochs.ShouldBe(3);
        resumed.Hash.ShouldBe(longer.Hash);
        resumed.Folder.MetricsButTimes.ShouldBe(longer.Folder.MetricsButTimes);
    }

    [SkippableFact]
    public void What_would_change_the_bits_is_refused_with_the_difference()
    {
        Needs.Engine();
        FinishedRun cosine = small.Train("--set", "learningRate.schedule.name=cosine");
        string[] lines = Disttrain.Refuse(
            small.Workspace, "train", "--resume", cosine.Folder.Path, "--lr", "0.01", "--epochs", "3");
        lines.Length.ShouldBe(2);
        lines.ShouldContain(line => line.Contains("epochs: 2 became 3"));
        lines.ShouldContain(line => line.Contains("learningRate.base: 0.02 became 0.01"));
        lines.ShouldAllBe(line => line.Contains("a resumed run cannot change this"));
    }

    [SkippableFact]
    public void A_damaged_checkpoint_is_passed_over_for_the_one_before_it()
    {
        Needs.Engine();
        FinishedRun run = small.Train();
        string newest = Path.Combine(run.Folder.Checkpoints, "step-00000020.safetensors");
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^100] ^= 4;
        File.WriteAllBytes(newest, bytes);
        FinishedRun resumed = Disttrain.Train(small.Workspace, "--resume", run.Folder.Path);
        resumed.Hash.ShouldBe(run.Hash);
        resumed.Program.Errors.ShouldContain("step-00000020.safetensors is damaged");
        resumed.Program.Errors.ShouldContain("trying the one before it");
    }

    [Fact]
    public void A_folder_that_is_no_run_is_refused()
    {
        Disttrain.Refuse(small.Workspace, "train", "--resume", "nowhere").ShouldHaveSingleItem()
            .ShouldContain("there is no such folder");
        Disttrain.Refuse(small.Workspace, "train", "--resume", small.Data).ShouldHaveSingleItem()
            .ShouldContain("this is not the folder of a run");
    }
}
