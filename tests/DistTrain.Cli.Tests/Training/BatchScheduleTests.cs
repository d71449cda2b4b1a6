using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A batch that grows and shrinks on the way keeps every promise of one that stays.</summary>
public sealed class BatchScheduleTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    /// <summary>400 samples: 10 steps of 40, then 4 of 100, then 17 of 24.</summary>
    private static readonly string[] Changing =
    [
        "--set", "batch.shards=8", "--set", "epochs=3", "--set", "batch.schedule.name=steps",
        "--set", "batch.schedule.milestones=1,2", "--set", "batch.schedule.sizes=100,24",
        "--set", "batch.schedule.rescale=true", "--set", "learningRate.scaling=linear", "--warmup", "1.5",
        "--set", "learningRate.schedule.name=cosine", "--set", "model.dropout=0.2",
    ];

    [SkippableFact]
    public void One_two_three_and_five_workers_end_in_the_same_bits()
    {
        Needs.Engine();
        FinishedRun two = small.Train(Changing);
        two.Steps.ShouldBe(10 + 4 + 17);
        foreach (string workers in new[] { "1", "3", "5" })
        {
            FinishedRun run = small.Train([.. Changing, "--set", $"workers.max={workers}"]);
            run.Hash.ShouldBe(two.Hash, $"{workers} workers");
            run.Folder.MetricsButTimes.ShouldBe(two.Folder.MetricsButTimes, $"{workers} workers");
        }
    }

    [SkippableFact]
    public void Every_step_has_the_samples_of_its_phase()
    {
        Needs.Engine();
        FinishedRun run = small.Train(Changing);
        run.Folder.Metrics("step")
            .GroupBy(
                step => step.GetProperty("epoch").GetInt32(), step => step.GetProperty("samples").GetInt32())
            .Select(epoch => (epoch.Key, epoch.First(), epoch.Last(), epoch.Sum()))
            .ShouldBe([(1, 40, 40, 400), (2, 100, 100, 400), (3, 24, 16, 400)]);
    }

    [SkippableTheory]
    [InlineData(9)]
    [InlineData(12)]
    public void Killed_around_a_change_and_resumed_it_ends_in_the_same_bits(int at)
    {
        Needs.Engine();
        Needs.Signals();
        string[] job = [.. small.Job, .. Changing];
        FinishedRun reference = Disttrain.Train(small.Workspace, job);
        using (ProgramRun killed = Disttrain.Start(
            small.Workspace,
            ["train", .. job, "--set", "checkpoint.everySteps=1", "--set", $"name=killed-{at}"]))
        {
            killed.WaitForCheckpoint(at);
            killed.Kill();
            killed.Wait().ExitCode.ShouldBe(137);
        }
        FinishedRun resumed = Disttrain.Train(
            small.Workspace, "--resume", small.Workspace.File($"runs/killed-{at}-1"), "--workers", "3");
        resumed.Hash.ShouldBe(reference.Hash);
        resumed.Folder.MetricsButTimes.ShouldBe(reference.Folder.MetricsButTimes);
    }
}
