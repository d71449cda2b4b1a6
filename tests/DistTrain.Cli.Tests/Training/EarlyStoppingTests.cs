using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>A run that over-fits, for the labels it learns are drawn by lot, and notices.</summary>
public sealed class EarlyStoppingTests : IClassFixture<SmallRuns>
{
    private readonly SmallRuns _small;

    public EarlyStoppingTests(SmallRuns runs)
    {
        _small = runs;
        var lot = new Random(5);
        byte[] labels = [.. Enumerable.Range(0, 480).Select(_ => (byte)lot.Next(10))];
        _small.Workspace.Write("mnist/train-labels-idx1-ubyte", SmallSets.Idx([480], labels));
    }

    private static readonly string[] OverFitting =
    [
        "--patience", "2", "--set", "epochs=60", "--set", "model.hidden=64", "--set", "learningRate.base=0.1",
    ];

    [SkippableFact]
    public void It_stops_when_validation_no_longer_improves_and_ends_with_the_best_weights()
    {
        Needs.Engine();
        FinishedRun run = _small.Train(OverFitting);
        run.Status.ShouldBe("stopped-early");
        run.Epochs.ShouldBeInRange(3, 59);
        double[] losses = [.. ValidationLosses(run)];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        run.Epochs.ShouldBe(best + 2, "the best epoch and two without improvement");
        run.Loss("validation").ShouldBe(losses.Min());
        run.Folder.HashTensors("weights.safetensors").ShouldBe(run.Hash);
        run.Folder.HashTensors("checkpoints/best.safetensors").ShouldBe(run.Hash);
    }

    [SkippableFact]
    public void Without_restoring_it_ends_with_the_last_weights()
    {
        Needs.Engine();
        FinishedRun run = _small.Train([.. OverFitting, "--set", "earlyStopping.restoreBest=false"]);
        run.Status.ShouldBe("stopped-early");
        run.Loss("validation").ShouldBe(ValidationLosses(run).Last());
        run.Folder.HashTensors("checkpoints/best.safetensors").ShouldNotBe(run.Hash);
    }

    [SkippableFact]
    public void A_run_that_stopped_early_resumes_to_the_same_result()
    {
        Needs.Engine();
        FinishedRun run = _small.Train(OverFitting);
        FinishedRun resumed = Disttrain.Train(_small.Workspace, "--resume", run.Folder.Path);
        resumed.Status.ShouldBe("stopped-early");
        resumed.Hash.ShouldBe(run.Hash);
        resumed.Loss("validation").ShouldBe(run.Loss("validation"));
        resumed.Loss("test").ShouldBe(run.Loss("test"));
    }

    private static IEnumerable<double> ValidationLosses(FinishedRun run) => run.Folder.Metrics("epoch")
        .Select(epoch => epoch.GetProperty("validation").GetProperty("loss").GetDouble());
}
