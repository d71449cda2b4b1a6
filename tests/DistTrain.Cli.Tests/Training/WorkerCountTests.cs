using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>The promise: how many workers there are changes no bit.</summary>
public sealed class WorkerCountTests(Models models) : IClassFixture<Models>
{
    [SkippableTheory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("resnet8")]
    [InlineData("cnn in bf16")]
    [InlineData("resnet8 in bf16")]
    public void One_two_three_five_and_eight_workers_end_in_the_same_bits(string model)
    {
        Needs.Engine();
        FinishedRun two = models.Reference(model);
        two.Hash.ShouldNotBeNull().Length.ShouldBe(64);
        foreach (string workers in new[] { "1", "3", "5", "8" })
        {
            FinishedRun run = Disttrain.Train(models.Workspace, [.. models.Job(model), "--workers", workers]);
            run.Hash.ShouldBe(two.Hash, $"{workers} workers");
            run.Folder.MetricsButTimes.ShouldBe(two.Folder.MetricsButTimes, $"{workers} workers");
        }
    }

    [SkippableFact]
    public void Another_precision_ends_in_other_bits()
    {
        Needs.Engine();
        models.Reference("cnn in bf16").Hash.ShouldNotBe(models.Reference("cnn").Hash);
    }

    [SkippableFact]
    public void Another_seed_ends_in_other_bits()
    {
        Needs.Engine();
        FinishedRun other = Disttrain.Train(
            models.Workspace, [.. models.Job("mlp"), "--workers", "2", "--seed", "2"]);
        other.Hash.ShouldNotBe(models.Reference("mlp").Hash);
    }
}
